import type { Cancellable, Scheduler } from '@rookery/runtime';

/** How long others are made to wait for a process that is not there. */
export class Patience {
  private limit: Cancellable | undefined;
  private isOver = false;

  constructor(private readonly onEnd: () => void) {}

  /** It has not ended, or there is nothing to wait for. */
  get lasts(): boolean {
    return !this.isOver;
  }

  /** Starts to count. */
  begin(scheduler: Scheduler, forMs: number): void {
    this.restore();
    this.limit = scheduler.timer(forMs, () => {
      this.isOver = true;
      this.onEnd();
    });
  }

  /** The process is there. */
  restore(): void {
    this.limit?.cancel();
    this.isOver = false;
  }
}
