import type { Cancellable, Scheduler } from '@rookery/runtime';

/** Messages from outside of actors that wait for their time. None is left when the actor system has ended. */
export class RootTimers {
  private readonly timers = new Set<Cancellable>();
  private isClosed = false;

  constructor(private readonly scheduler: Scheduler) {}

  after(delayMs: number, tell: () => void): Cancellable {
    const timer = this.scheduler.timer(delayMs, () => {
      this.timers.delete(timer);
      tell();
    });
    return this.remembered(timer);
  }

  every(periodMs: number, tell: () => void): Cancellable {
    return this.remembered(this.scheduler.interval(periodMs, tell));
  }

  /** From now on nothing waits any more. */
  close(): void {
    this.isClosed = true;
    for (const timer of this.timers) timer.cancel();
    this.timers.clear();
  }

  private remembered(timer: Cancellable): Cancellable {
    if (this.isClosed) timer.cancel();
    else this.timers.add(timer);
    return {
      cancel: () => {
        this.timers.delete(timer);
        timer.cancel();
      },
    };
  }
}
