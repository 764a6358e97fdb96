import { type ClientRequest, type IncomingMessage, request as ask } from 'node:http';
import { request as askSecurely } from 'node:https';
import { BadGatewayException, GatewayTimeoutException, Injectable, Optional } from '@nestjs/common';
import type { Endpoint, Instance } from '@rookery/discovery';
import { isLoopback, TlsIdentity } from '@rookery/rpc';
import { ServiceConfig } from '@rookery/service-kit';

export interface InstanceAnswer {
  readonly status: number;
  readonly text: string;
}

const TIMEOUT_MS = 2000;
const MOST_BYTES = 1_000_000;

class TooLongError extends Error {}

/** Asks instances on their HTTP ports, at no other address than the one that the registry lists. */
@Injectable()
export class InstanceClient {
  constructor(
    private readonly config: ServiceConfig,
    @Optional() private readonly tls?: TlsIdentity,
  ) {}

  /**
   * Whatever the instance answers, a redirect included, which is not followed. What fails names the instance and not its
   * address, for it is shown to whoever looks at the page.
   */
  async get({ endpoints: { http: endpoint }, id }: Instance, path: string): Promise<InstanceAnswer> {
    if (endpoint === undefined) throw new BadGatewayException(`the registry lists no HTTP port of ${id}`);
    if (!endpoint.isSecure && !this.config.ALLOW_PLAINTEXT && !isLoopback(endpoint.host)) {
      throw new BadGatewayException(`${id} is not asked in plaintext: ALLOW_PLAINTEXT is false`);
    }
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      return await answerTo(this.requestTo(endpoint, path, signal));
    } catch (cause) {
      if (signal.aborted) throw new GatewayTimeoutException(`${id} did not answer within ${TIMEOUT_MS / 1000} s`);
      if (cause instanceof TooLongError) throw new BadGatewayException(`${id} answered too much`);
      throw new BadGatewayException(`${id} cannot be reached`, { cause });
    }
  }

  private requestTo({ host, isSecure, port }: Endpoint, path: string, signal: AbortSignal): ClientRequest {
    const options = { host, port, path, signal, agent: false, headers: { 'user-agent': 'rookery-monitor' } };
    return isSecure ? askSecurely({ ...options, ca: this.tls?.material.ca }) : ask(options);
  }
}

function answerTo(request: ClientRequest): Promise<InstanceAnswer> {
  return new Promise((resolve, reject) => {
    const answered = (response: IncomingMessage): void => {
      textOf(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
    };
    request.on('response', answered).on('error', reject).end();
  });
}

/** Whoever says more than it may is not heard out. */
async function textOf(response: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new TooLongError();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
