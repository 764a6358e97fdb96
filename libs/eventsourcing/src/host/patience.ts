import type { Cancellable, Clock, Scheduler } from '@rookery/runtime';

/** What an answer is given to come to whoever waits, through several services and busy processes: a fifth of the time, within these. */
const WAY_BACK_MS = { least: 100, most: 500 };
/** Whose time is over so soon is told at once with the others. */
const TOGETHER_MS = 20;

/** By when something must be said to a sender who waits until `deadlineAt`. */
export function answerTime(deadlineAt: number, now: number): number {
  const leftMs = Math.max(0, deadlineAt - now);
  const wayBackMs = Math.min(Math.max(leftMs / 5, WAY_BACK_MS.least), WAY_BACK_MS.most);
  return deadlineAt - Math.min(wayBackMs, leftMs / 2);
}

/** Wakes whoever must say something before those who wait have given up. */
export class Patience {
  private timer: Cancellable | undefined;
  private wakesAt = Infinity;
  private readonly bounded = new Set<{ readonly at: number; readonly end: () => void }>();

  /** @param tell says something to all who must hear it by then, and gives when the next of them must */
  constructor(
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly tell: (until: number) => number,
  ) {}

  endsAt(time: number): void {
    if (time >= this.wakesAt) return;
    this.timer?.cancel();
    this.wakesAt = time;
    this.timer = this.scheduler.timer(Math.max(0, time - this.clock.monotonic()), () => this.wake());
  }

  /** Nobody waits any longer. */
  rest(): void {
    this.timer?.cancel();
    this.wakesAt = Infinity;
  }

  /** The same, or `error` when it takes too long for somebody who waits until `deadlineAt`. */
  bound<T>(promise: Promise<T>, deadlineAt: number, error: () => Error): Promise<T> {
    if (deadlineAt === Infinity) return promise;
    const at = answerTime(deadlineAt, this.clock.monotonic());
    return new Promise((resolve, reject) => {
      const one = { at, end: () => reject(error()) };
      this.bounded.add(one);
      promise.then(resolve, reject).finally(() => this.bounded.delete(one));
      this.endsAt(at);
    });
  }

  private wake(): void {
    this.wakesAt = Infinity;
    const until = this.clock.monotonic() + TOGETHER_MS;
    for (const one of this.bounded) {
      if (one.at > until) this.endsAt(one.at);
      else {
        this.bounded.delete(one);
        one.end();
      }
    }
    this.endsAt(this.tell(until));
  }
}
