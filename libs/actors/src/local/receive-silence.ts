import type { Cancellable, Clock, Scheduler } from '@rookery/runtime';
import { SilenceNoticed } from './queue-items.js';

/** Notices that an actor has heard nothing for a while. One timer, not one for each message: it looks when the last came. */
export class ReceiveSilence {
  private timer: Cancellable;
  private heardAt: number;
  /** Waits in the mailbox: a second one would say nothing new. */
  private mark: SilenceNoticed | undefined;
  /** Nothing has come since the mark was made. */
  private isSilent = false;
  private isIgnored = false;

  constructor(
    private readonly timeoutMs: number,
    private readonly ignores: ((message: unknown) => boolean) | undefined,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly post: (item: SilenceNoticed) => void,
  ) {
    this.heardAt = clock.monotonic();
    this.timer = this.lookAfter(timeoutMs);
  }

  heard(message: unknown): void {
    this.isIgnored = this.ignores?.(message) === true;
    this.handled();
  }

  /** What was heard last has been handled at last: the silence begins now. */
  handled(): void {
    if (this.isIgnored) return;
    this.heardAt = this.clock.monotonic();
    this.isSilent = false;
  }

  /** Whether nothing has come since the mark was made; if so the next silence begins. Marks of an earlier setting are void. */
  isDue(mark: SilenceNoticed): boolean {
    if (mark !== this.mark) return false;
    this.mark = undefined;
    if (!this.isSilent) return false;
    this.heardAt = this.clock.monotonic();
    return true;
  }

  end(): void {
    this.timer.cancel();
    this.mark = undefined;
  }

  private lookAfter(delayMs: number): Cancellable {
    return this.scheduler.timer(delayMs, () => {
      const leftMs = this.heardAt + this.timeoutMs - this.clock.monotonic();
      if (leftMs <= 0 && this.mark === undefined) {
        this.isSilent = true;
        this.post((this.mark = new SilenceNoticed()));
      }
      this.timer = this.lookAfter(leftMs > 0 ? leftMs : this.timeoutMs);
    });
  }
}
