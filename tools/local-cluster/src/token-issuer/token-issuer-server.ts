import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DomainError } from '@rookery/runtime';
import type { TokenIssuer, TokenRequest } from './token-issuer.js';

const BODY_LIMIT_BYTES = 16_384;

/** Serves a token issuer over HTTP: `POST /token`, `GET /.well-known/jwks.json`, `GET /livez`. */
export class TokenIssuerServer {
  private readonly server: Server;

  constructor(private readonly issuer: TokenIssuer) {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => sendError(response, error));
    });
  }

  /** Resolves with the port that was bound. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://issuer').pathname;
    const route = `${request.method ?? ''} ${path}`;
    if (route === 'GET /.well-known/jwks.json') return send(response, 200, this.issuer.keys());
    if (route === 'GET /livez') return send(response, 200, { status: 'live' });
    if (route !== 'POST /token') {
      return send(response, 404, { error: 'not_found', error_description: `there is no ${route}` });
    }
    const form = new URLSearchParams(await readBody(request));
    send(response, 200, await this.issuer.issue(tokenRequest(form, request.headers.authorization)));
  }
}

function tokenRequest(form: URLSearchParams, authorization: string | undefined): TokenRequest {
  const grant = form.get('grant_type');
  if (grant !== 'client_credentials') {
    throw new DomainError('UNSUPPORTED_GRANT_TYPE', 'grant_type must be client_credentials', {
      kind: 'invalid-argument',
    });
  }
  const { id, secret } = basicCredentials(authorization) ?? {
    id: form.get('client_id') ?? '',
    secret: form.get('client_secret') ?? '',
  };
  const expiresIn = form.get('expires_in');
  return {
    clientId: id,
    clientSecret: secret,
    scope: form.get('scope') ?? undefined,
    audience: form.get('audience') ?? undefined,
    expiresIn: expiresIn === null ? undefined : Number(expiresIn),
  };
}

function basicCredentials(authorization: string | undefined): { id: string; secret: string } | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [id = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { id: decodeURIComponent(id), secret: decodeURIComponent(rest.join(':')) };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) {
      throw new DomainError('INVALID_REQUEST', `the body is larger than ${BODY_LIMIT_BYTES} bytes`, {
        kind: 'invalid-argument',
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

/** Error bodies as RFC 6749, 5.2 has them. */
function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  if (!(error instanceof DomainError)) {
    const description = error instanceof URIError ? 'the credentials are not well encoded' : 'the issuer failed';
    return send(response, error instanceof URIError ? 400 : 500, {
      error: 'server_error',
      error_description: description,
    });
  }
  const status = error.kind === 'unauthenticated' ? 401 : 400;
  send(response, status, { error: error.code.toLowerCase(), error_description: error.message });
}
