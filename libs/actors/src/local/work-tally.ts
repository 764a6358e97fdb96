import type { Clock } from '@rookery/runtime';

/** What the actors of a system have done since it began. */
export interface ActorWork {
  /** Messages that were handled; a start counts as one. */
  readonly messages: number;
  /** How long handlers have kept the event loop, in milliseconds, as estimated from every sixteenth round. */
  readonly busyMs: number;
}

const TIMED_EVERY = 16;

/** Adds up the work of a run queue. Most rounds are not timed: two looks at the clock cost as much as a message. */
export class WorkTally implements ActorWork {
  messages = 0;
  busyMs = 0;
  private rounds = 0;

  constructor(private readonly clock: Clock) {}

  /** A round begins. Answers with what `end` is to be given. */
  begin(): number | undefined {
    return this.rounds++ % TIMED_EVERY === 0 ? this.clock.monotonic() : undefined;
  }

  end(timedFrom: number | undefined): void {
    if (timedFrom !== undefined) this.busyMs += (this.clock.monotonic() - timedFrom) * TIMED_EVERY;
  }
}
