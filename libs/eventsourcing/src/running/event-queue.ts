import { DomainError } from '@rookery/runtime';
import type { LoggedEvent } from '../event-store.port.js';

/** Events that may wait to be taken. */
const LIMIT = 1000;

/** Events on their way to one who takes them when it can. Ends in order when `signal` is aborted. */
export class EventQueue implements AsyncIterable<LoggedEvent> {
  private waiting: LoggedEvent[] = [];
  private wake: (() => void) | undefined;
  private over: { readonly error?: unknown } | undefined;
  private readonly onAbort = (): void => this.end();

  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener('abort', this.onAbort, { once: true });
    if (signal.aborted) this.end();
  }

  put(event: LoggedEvent): void {
    if (this.over !== undefined) return;
    this.waiting.push(event);
    if (this.waiting.length > LIMIT) this.fail(tooSlow());
    else this.wake?.();
  }

  end(): void {
    this.finish({});
  }

  /** What waits still is lost. */
  fail(error: unknown): void {
    this.finish({ error });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LoggedEvent, void> {
    for (;;) {
      if (this.over !== undefined) {
        if ('error' in this.over) throw this.over.error;
        return;
      }
      const event = this.waiting.shift();
      if (event !== undefined) yield event;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  private finish(how: { readonly error?: unknown }): void {
    if (this.over !== undefined) return;
    this.over = how;
    this.waiting = [];
    this.signal.removeEventListener('abort', this.onAbort);
    this.wake?.();
  }
}

function tooSlow(): DomainError {
  return new DomainError('WATCH_TOO_SLOW', `more than ${LIMIT} events wait to be taken`, {
    kind: 'resource-exhausted',
  });
}
