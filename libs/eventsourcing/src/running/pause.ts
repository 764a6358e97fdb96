import type { Scheduler } from '@rookery/runtime';

/** Waits for a time, which ends early when it is woken or when `signal` is aborted. */
export class Pause {
  private end: (() => void) | undefined;
  private isWoken = false;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly signal: AbortSignal,
  ) {}

  /** There is something to do: the wait at hand ends, or the next one does at once. */
  wake(): void {
    this.isWoken = true;
    this.end?.();
  }

  async wait(delayMs: number): Promise<void> {
    if (!this.isWoken && !this.signal.aborted) {
      await this.ended(delayMs);
      this.end = undefined;
    }
    this.isWoken = false;
  }

  private ended(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        timer.cancel();
        // The signal may be that of a whole process, and outlive many pauses.
        this.signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = this.scheduler.timer(delayMs, end);
      this.signal.addEventListener('abort', end, { once: true });
      this.end = end;
    });
  }
}
