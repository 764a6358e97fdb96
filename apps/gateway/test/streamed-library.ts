import { DomainError } from '@rookery/runtime';

import { encodeAs, type ReceivedCall, type StreamAnswer } from './edge-harness.js';
import { library } from './library.js';

type Step = { readonly book: string } | { readonly error: unknown } | 'end';

/** A provider that streams what the test says, to whoever takes it first, and keeps account of it. */
export class BookFeed {
  taken = 0;
  /** A call has been ended by its caller. */
  isCancelled = false;
  private readonly steps: Step[] = [];
  private readonly waiting = new Set<() => void>();

  readonly answer: StreamAnswer = (call) => this.stream(call);

  book(title: string): this {
    return this.add({ book: title });
  }

  end(): this {
    return this.add('end');
  }

  fail(error: unknown): this {
    return this.add({ error });
  }

  private add(step: Step): this {
    this.steps.push(step);
    this.wake();
    return this;
  }

  private wake(): void {
    for (const resume of this.waiting) resume();
    this.waiting.clear();
  }

  private async *stream({ options: { signal } }: ReceivedCall): AsyncIterable<Uint8Array> {
    signal?.addEventListener('abort', () => {
      this.isCancelled = true;
      this.wake();
    });
    for (;;) {
      const step = await this.next(signal);
      if (step === undefined) throw new DomainError('CANCELLED', 'nobody waits', { kind: 'cancelled' });
      if (step === 'end') return;
      if ('error' in step) throw step.error;
      this.taken++;
      yield encodeAs(library, 'gateway.test.Book', { title: step.book });
    }
  }

  /** Undefined once nobody waits for it. */
  private async next(signal: AbortSignal | undefined): Promise<Step | undefined> {
    while (signal?.aborted !== true) {
      const step = this.steps.shift();
      if (step !== undefined) return step;
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
    return undefined;
  }
}
