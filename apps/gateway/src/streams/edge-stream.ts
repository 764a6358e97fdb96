import { type Cancellable, DomainError, type Scheduler } from '@rookery/runtime';

import { disconnectSignal } from '../edge/disconnect-signal.js';
import type { Exchange } from '../edge/exchange.js';
import { problemText } from '../edge/problem.js';
import { retryPause } from './retry-pause.js';
import type { StreamBody } from './stream-body.js';
import type { StreamFormat } from './stream-format.js';
import type { StreamOutcome, StreamProgress } from './stream-progress.js';

export interface StreamParts {
  readonly exchange: Exchange;
  readonly progress: StreamProgress;
  readonly body: StreamBody;
  readonly format: StreamFormat;
  readonly scheduler: Scheduler;
  readonly beatMs: number;
  /** How long a client should wait before it comes back; another time for each. */
  readonly pauseMs: () => number;
  readonly onMessage: () => void;
  readonly onOver: (outcome: StreamOutcome) => void;
}

/** Gets the signal that ends the provider's call. */
export type Ask = (signal: AbortSignal) => AsyncIterable<string>;

/** So long a refusal is waited for, which has a status of its own; a provider that is silent for longer has taken the call. */
const OPENING_MS = 1000;

/**
 * One stream to one client. It takes a message from the provider only when the one before is on its way: what a client does
 * not read stays with the provider.
 */
export class EdgeStream {
  private readonly cancellation = new AbortController();
  private readonly timers: Cancellable[] = [];
  private readonly leave = (): void => this.drop('left', 'the client closed the connection');

  constructor(private readonly parts: StreamParts) {}

  run(ask: Ask): void {
    const { exchange, body, scheduler, beatMs } = this.parts;
    const { socket } = exchange.request;
    this.timers.push(scheduler.timer(OPENING_MS, () => this.openInSilence()));
    this.timers.push(scheduler.interval(beatMs, () => body.beat()));
    disconnectSignal(socket).addEventListener('abort', this.leave, { once: true });
    if (socket.destroyed) this.leave();
    else void this.pump(ask);
  }

  /** Lets the stream end after so long with the advice to come back. */
  limit(durationMs: number, reason: string): void {
    this.timers.push(this.parts.scheduler.timer(durationMs, () => this.reconnect(reason)));
  }

  reconnect(reason: string): void {
    const { format, pauseMs } = this.parts;
    this.close('reconnect', format.reconnect(reason, pauseMs()), undefined);
  }

  /** The client reads nothing: what still waits for it is thrown away. */
  cut(): void {
    this.drop('stalled', 'the client stopped reading');
    this.parts.exchange.request.socket.destroy();
  }

  sent(): Promise<void> {
    return this.parts.body.sent();
  }

  private get isOver(): boolean {
    return this.parts.progress.outcome !== undefined;
  }

  private async pump(ask: Ask): Promise<void> {
    try {
      for await (const json of ask(this.cancellation.signal)) {
        await this.send(json);
        if (this.isOver) return;
      }
      this.close('ended', this.parts.format.end, undefined);
    } catch (error) {
      this.fail(error);
    }
  }

  private async send(json: string): Promise<void> {
    const { body, onMessage } = this.parts;
    if (!this.isOver) this.open();
    if (this.isOver) return;
    onMessage();
    if (!body.message(json)) await body.drained();
  }

  private open(): void {
    const { body, exchange } = this.parts;
    body.open();
    if (exchange.request.method === 'HEAD') this.close('ended', '', undefined);
  }

  private openInSilence(): void {
    if (this.parts.body.isOpen) return;
    this.open();
    if (!this.isOver) this.parts.body.beat();
  }

  private fail(error: unknown): void {
    const { exchange, body, format, pauseMs } = this.parts;
    if (this.isOver) return;
    if (!body.isOpen) {
      this.end('failed');
      exchange.fail(error);
      return;
    }
    const problem = exchange.problemOf(error);
    const text = format.error(problemText(problem, exchange.traceId), retryPause(problem, pauseMs()));
    this.close('failed', text, error);
  }

  private drop(outcome: StreamOutcome, message: string): void {
    const error = new DomainError('CLIENT_GONE', message, { kind: 'cancelled' });
    if (this.parts.body.isOpen) this.close(outcome, '', error);
    else if (!this.isOver) {
      this.end(outcome);
      this.parts.exchange.fail(error);
    }
  }

  private close(outcome: StreamOutcome, lastWord: string, error: unknown): void {
    if (this.isOver) return;
    this.end(outcome);
    this.parts.body.conclude(lastWord, error);
  }

  private end(outcome: StreamOutcome): void {
    const { exchange, progress, onOver } = this.parts;
    progress.outcome = outcome;
    for (const timer of this.timers) timer.cancel();
    disconnectSignal(exchange.request.socket).removeEventListener('abort', this.leave);
    this.cancellation.abort();
    onOver(outcome);
  }
}
