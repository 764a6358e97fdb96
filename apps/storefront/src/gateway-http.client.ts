import { Injectable } from '@nestjs/common';
import { Clock, DomainError, type ErrorKind } from '@rookery/runtime';
import { TokenClient, traceHeaders } from '@rookery/service-kit';
import { StorefrontConfig } from './app.config.js';
import { GatewayView } from './gateway-view.js';

const KINDS: ReadonlyMap<number, ErrorKind> = new Map([
  [400, 'invalid-argument'],
  [401, 'unauthenticated'],
  [403, 'permission-denied'],
  [404, 'not-found'],
  [409, 'aborted'],
  [413, 'out-of-range'],
  [429, 'resource-exhausted'],
  [500, 'internal'],
  [501, 'unimplemented'],
  [503, 'unavailable'],
  [504, 'deadline-exceeded'],
]);

export interface GatewayRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Its path as the contract has it, where that has variables. */
  readonly template?: string;
  readonly body?: object;
  readonly idempotencyKey?: string;
}

/** HTTP and JSON with the gateway, under the storefront's own token. */
@Injectable()
export class GatewayHttpClient {
  constructor(
    private readonly config: StorefrontConfig,
    private readonly tokens: TokenClient,
    private readonly view: GatewayView,
    private readonly clock: Clock,
  ) {}

  /** Resolves with the body of the answer. Rejects with a `DomainError`, whose code is that of the problem document. */
  async send(request: GatewayRequest): Promise<unknown> {
    const token = await this.tokens.token();
    const route = `${request.method} ${request.template ?? request.path}`;
    const call = this.view.started(route, this.clock.monotonic());
    try {
      const answer = await this.ask(request, token);
      call.ended('ok', this.clock.monotonic());
      return answer;
    } catch (error) {
      call.ended(error instanceof DomainError ? error.kind : 'unknown', this.clock.monotonic());
      throw error;
    }
  }

  private async ask({ body, idempotencyKey, method, path }: GatewayRequest, token: string): Promise<unknown> {
    const timeoutMs = this.config.CALL_TIMEOUT_MS;
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.config.GATEWAY_URL}${path}`, {
        method,
        headers: {
          ...traceHeaders(),
          authorization: `Bearer ${token}`,
          'grpc-timeout': `${timeoutMs}m`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      text = await response.text();
    } catch (cause) {
      throw unreachable(cause, timeoutMs);
    }
    if (!response.ok) throw refused(response.status, text);
    return parsed(text);
  }
}

/** A domain error of a provider travels as a problem document; what stands before the gateway may say anything. */
function refused(status: number, text: string): DomainError {
  const kind = KINDS.get(status) ?? 'unknown';
  const { code, detail } = (parsed(text) ?? {}) as { readonly code?: unknown; readonly detail?: unknown };
  const said = typeof detail === 'string' ? `: ${detail}` : '';
  return new DomainError(typeof code === 'string' ? code : 'GATEWAY_REFUSED', `the gateway answered ${status}${said}`, {
    kind,
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Not JSON, so there is nothing in it for us.
  }
}

function unreachable(cause: unknown, timeoutMs: number): DomainError {
  if (cause instanceof DOMException && cause.name === 'TimeoutError') {
    return new DomainError('GATEWAY_SLOW', `no answer within ${timeoutMs} ms`, { kind: 'deadline-exceeded', cause });
  }
  return new DomainError('GATEWAY_UNREACHABLE', 'the gateway could not be reached', { kind: 'unavailable', cause });
}
