import { type Cancellable, type Clock, type Random, type Scheduler } from '@rookery/runtime';

const LOOK_EVERY_MS = 10;
/** A process that was stopped for longer does not make up for the shoppers it missed: that would be a stampede. */
const MAX_LATE_MS = 500;

/** Calls `onArrival` at random moments, `perSecond` of them on average: a Poisson process. */
export class Arrivals {
  private next = 0;
  private timer: Cancellable | undefined;

  constructor(
    private readonly perSecond: number,
    private readonly onArrival: () => void,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly scheduler: Scheduler,
  ) {}

  start(): void {
    if (this.perSecond <= 0) return;
    this.next = this.clock.monotonic() + this.gapMs();
    this.timer = this.scheduler.interval(LOOK_EVERY_MS, () => this.look());
  }

  stop(): void {
    this.timer?.cancel();
  }

  private look(): void {
    const now = this.clock.monotonic();
    if (now - this.next > MAX_LATE_MS) this.next = now;
    for (; this.next <= now; this.next += this.gapMs()) this.onArrival();
  }

  private gapMs(): number {
    return (-Math.log(1 - this.random.next()) * 1000) / this.perSecond;
  }
}
