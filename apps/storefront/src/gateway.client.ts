import { Injectable } from '@nestjs/common';
import type { pricing } from '@rookery/contracts/messages';
import { Clock, DomainError, type ErrorKind } from '@rookery/runtime';
import { TokenClient, traceHeaders } from '@rookery/service-kit';
import { StorefrontConfig } from './app.config.js';
import { GatewayView } from './gateway-view.js';

const PATH = '/v1/quotes';

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

/** The way to a quote that everybody outside the house takes: HTTP and JSON through the gateway. */
@Injectable()
export class GatewayClient {
  constructor(
    private readonly config: StorefrontConfig,
    private readonly tokens: TokenClient,
    private readonly view: GatewayView,
    private readonly clock: Clock,
  ) {}

  async quote(basket: pricing.QuotePriceRequest): Promise<void> {
    const token = await this.tokens.token();
    const call = this.view.started(`POST ${PATH}`, this.clock.monotonic());
    try {
      await this.post(basket, token);
      call.ended('ok', this.clock.monotonic());
    } catch (error) {
      call.ended(error instanceof DomainError ? error.kind : 'unknown', this.clock.monotonic());
      throw error;
    }
  }

  private async post(basket: pricing.QuotePriceRequest, token: string): Promise<void> {
    const timeoutMs = this.config.CALL_TIMEOUT_MS;
    let response: Response;
    try {
      response = await fetch(`${this.config.GATEWAY_URL}${PATH}`, {
        method: 'POST',
        headers: {
          ...traceHeaders(),
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'grpc-timeout': `${timeoutMs}m`,
        },
        body: JSON.stringify(basket),
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.arrayBuffer();
    } catch (cause) {
      throw unreachable(cause, timeoutMs);
    }
    if (!response.ok) {
      const kind = KINDS.get(response.status) ?? 'unknown';
      throw new DomainError('GATEWAY_REFUSED', `the gateway answered ${response.status}`, { kind });
    }
  }
}

function unreachable(cause: unknown, timeoutMs: number): DomainError {
  if (cause instanceof DOMException && cause.name === 'TimeoutError') {
    return new DomainError('GATEWAY_SLOW', `no answer within ${timeoutMs} ms`, { kind: 'deadline-exceeded', cause });
  }
  return new DomainError('GATEWAY_UNREACHABLE', 'the gateway could not be reached', { kind: 'unavailable', cause });
}
