import { StatusCode, statusCodeOf } from '@rookery/rpc';
import { DomainError } from '@rookery/runtime';
import type { CallTelemetry } from '@rookery/telemetry';

import type { Exchange } from './exchange.js';
import { problemOfError } from './problem.mapper.js';

/** All requests without a route, so that nobody outside can make up names. */
const NO_ROUTE = 'HTTP none';

/** Problems that no DomainError stands behind: what the gateway itself has against a request. */
const CODE_OF_STATUS: ReadonlyMap<number, number> = new Map([
  [400, StatusCode.INVALID_ARGUMENT],
  [403, StatusCode.PERMISSION_DENIED],
  [404, StatusCode.NOT_FOUND],
  [405, StatusCode.UNIMPLEMENTED],
  [406, StatusCode.INVALID_ARGUMENT],
  [413, StatusCode.OUT_OF_RANGE],
  [415, StatusCode.INVALID_ARGUMENT],
  [501, StatusCode.UNIMPLEMENTED],
]);

/** Reports requests as calls that this instance answered, under the name that its callers report them by. */
export class EdgeView {
  constructor(private readonly calls: Pick<CallTelemetry, 'calleeStarted' | 'calleeEnded'>) {}

  /** The request has its route, or has none. */
  started(exchange: Exchange): void {
    const { routeName } = exchange;
    exchange.viewedAs = routeName === undefined ? NO_ROUTE : `HTTP ${routeName}`;
    this.calls.calleeStarted(exchange.viewedAs);
  }

  ended(exchange: Exchange, error: unknown, durationMs: number): void {
    // What was refused by its head never became a request in work.
    if (exchange.viewedAs === undefined) this.started(exchange);
    const method = exchange.viewedAs ?? NO_ROUTE;
    const code = error === undefined ? StatusCode.OK : codeOf(error);
    const isStream = exchange.stream !== undefined;
    this.calls.calleeEnded({ method, code, durationMs, transport: 'http', isStream });
  }
}

/** The gRPC status code of what went wrong. */
function codeOf(error: unknown): number {
  if (error instanceof DomainError) return statusCodeOf(error.kind);
  return CODE_OF_STATUS.get(problemOfError(error).status) ?? StatusCode.INTERNAL;
}
