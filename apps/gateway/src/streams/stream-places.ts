import { DomainError } from '@rookery/runtime';

export interface PlaceLimits {
  readonly streams: number;
  readonly streamsPerCaller: number;
}

const PAUSE_MS = 5000;

/** How many streams may be open, altogether and for each caller. A stream costs something as long as it lasts, not by its rate. */
export class StreamPlaces {
  private taken = 0;
  private readonly bySubject = new Map<string, number>();

  constructor(private readonly limits: PlaceLimits) {}

  /** Returns what gives the place back. Those without a token share the whole alone. Throws DomainError when there is none. */
  take(subject: string | undefined): () => void {
    if (this.taken >= this.limits.streams) {
      throw new DomainError('STREAMS_EXHAUSTED', 'this gateway has no more streams open to give', {
        kind: 'unavailable',
        retryAfterMs: PAUSE_MS,
      });
    }
    if (subject !== undefined) this.takeOf(subject);
    this.taken++;
    return () => this.giveBack(subject);
  }

  private takeOf(subject: string): void {
    const own = this.bySubject.get(subject) ?? 0;
    if (own >= this.limits.streamsPerCaller) {
      throw new DomainError('STREAMS_OF_CALLER_EXHAUSTED', `this caller has ${own} streams open, which is the most`, {
        kind: 'resource-exhausted',
        retryAfterMs: PAUSE_MS,
      });
    }
    this.bySubject.set(subject, own + 1);
  }

  private giveBack(subject: string | undefined): void {
    this.taken--;
    if (subject === undefined) return;
    const left = (this.bySubject.get(subject) ?? 1) - 1;
    if (left === 0) this.bySubject.delete(subject);
    else this.bySubject.set(subject, left);
  }
}
