import type { Logger } from '@nestjs/common';
import { type Clock, DomainError } from '@rookery/runtime';

import { TranscodingError } from '../transcoding/transcoding-error.js';
import type { EdgeTally } from './edge-tally.js';
import type { EdgeView } from './edge-view.js';
import type { Exchange, ExchangeLog } from './exchange.js';
import { LineBudget } from './line-budget.js';
import { ProblemError } from './problem.js';
import { problemOfError } from './problem.mapper.js';

export interface AccessLogOptions {
  readonly lines: 'off' | 'problems' | 'all';
  readonly slowMs: number;
}

/** Counts and reports every exchange and writes a line about those worth one: writing about all costs more than serving them. */
export class AccessLog implements ExchangeLog {
  private readonly budget: LineBudget;
  private hasRouted = false;

  constructor(
    private readonly tally: EdgeTally,
    private readonly view: EdgeView,
    private readonly clock: Clock,
    private readonly logger: Pick<Logger, 'log' | 'warn' | 'error'>,
    private readonly options: AccessLogOptions,
  ) {
    this.budget = new LineBudget(clock);
  }

  ended(exchange: Exchange, status: number, error: unknown): void {
    const { startedAt, stream } = exchange;
    const endedAt = this.clock.monotonic();
    const durationMs = endedAt - startedAt;
    this.tally.end(exchange.routeName, status, (stream?.openedAt ?? endedAt) - startedAt);
    this.view.ended(exchange, error, durationMs);
    this.hasRouted ||= exchange.routeName !== undefined;
    if (this.options.lines === 'all') this.write(exchange, status, durationMs, error, 0);
    else if (this.isWorthALine(exchange, status, durationMs, error)) {
      const leftOut = this.budget.take();
      if (leftOut !== undefined) this.write(exchange, status, durationMs, error, leftOut);
    }
  }

  private isWorthALine({ stream }: Exchange, status: number, durationMs: number, error: unknown): boolean {
    const { lines, slowMs } = this.options;
    // How long a stream lasts does not make it slow.
    const isSlow = stream === undefined && durationMs >= slowMs;
    return (isSlow || isFault(status, error)) && (lines === 'problems' || isOpaque(error));
  }

  private write(exchange: Exchange, status: number, durationMs: number, error: unknown, leftOut: number): void {
    if (isOpaque(error)) this.logger.error('a request failed for a reason its caller is not told', error);
    const line = {
      ...lineOf(exchange),
      status,
      durationMs: Math.round(durationMs * 10) / 10,
      ...streamOf(exchange),
      ...(error instanceof Error && !isOpaque(error) ? problemOf(error) : {}),
      ...(leftOut === 0 ? {} : { linesLeftOutBefore: leftOut }),
    };
    const text = `${exchange.routeName ?? `${line.method} without a route`}: ${status}`;
    if (isFault(status, error) && !this.isEarly(error)) this.logger.warn(text, line);
    else this.logger.log(text, line);
  }

  /** While a gateway or a whole cluster starts, callers may come before any route has been read: no cause for a warning. */
  private isEarly(error: unknown): boolean {
    return !this.hasRouted && error instanceof DomainError && error.code === 'ROUTES_INCOMPLETE';
  }
}

function lineOf({ request: { method, url }, routeName, admission, traceId }: Exchange) {
  return {
    event: 'request',
    method,
    // Without the query, which may hold what nobody should read in a log.
    path: url?.split('?', 1)[0]?.slice(0, 500),
    route: routeName,
    subject: admission?.principal?.subject,
    trace_id: traceId,
  };
}

function streamOf({ stream }: Exchange): object {
  return stream === undefined ? {} : { messages: stream.messages, outcome: stream.outcome };
}

/** Of the gateway or of a provider; the status does not say it of a stream that had begun. */
function isFault(status: number, error: unknown): boolean {
  return status >= 500 || (error !== undefined && problemOfError(error).status >= 500);
}

/** The caller was told nothing but INTERNAL. */
function isOpaque(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof DomainError || error instanceof ProblemError || error instanceof TranscodingError) return false;
  return !('statusCode' in error);
}

/** What the caller was told, and what is behind it. */
function problemOf({ message, cause }: Error): object {
  return { problem: message, ...(cause instanceof Error ? { reason: cause.message } : {}) };
}
