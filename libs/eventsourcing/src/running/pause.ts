import type { Cancellable, Scheduler } from '@rookery/runtime';

/** Waits for a time, which ends early when it is woken or when `signal` is aborted. */
export class Pause {
  private end: (() => void) | undefined;
  private isWoken = false;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', () => this.end?.(), { once: true });
  }

  /** There is something to do: the wait at hand ends, or the next one does at once. */
  wake(): void {
    this.isWoken = true;
    this.end?.();
  }

  async wait(delayMs: number): Promise<void> {
    if (!this.isWoken && !this.signal.aborted) {
      let timer: Cancellable | undefined;
      await new Promise<void>((resolve) => {
        this.end = resolve;
        timer = this.scheduler.timer(delayMs, resolve);
      });
      timer?.cancel();
      this.end = undefined;
    }
    this.isWoken = false;
  }
}
