import type { Cancellable, Clock, Scheduler } from '@rookery/runtime';

/** In a lease. */
const TICKS = 10;
const SHORTEST_TICK_MS = 50;

/**
 * Notices that this process has stood still for longer than its lease, because it was stopped or did one thing for so long:
 * others may have given it up, and run its grains. It is asked before each piece of work, too, because what has come in the
 * meantime may be handled before the tick that is late.
 */
export class Vigil {
  private readonly limitMs: number;
  private readonly ticking: Cancellable;
  private seenAt: number;
  private isOver = false;

  constructor(
    private readonly clock: Clock,
    scheduler: Scheduler,
    leaseMs: number,
    /** Whether there is anybody to give this process up. */
    private readonly isSeen: () => boolean,
    /** It has stood still. Called once. */
    private readonly onStandstill: () => void,
  ) {
    const periodMs = Math.max(leaseMs / TICKS, SHORTEST_TICK_MS);
    this.limitMs = Math.max(leaseMs, 2 * periodMs);
    this.seenAt = clock.monotonic();
    this.ticking = scheduler.interval(periodMs, () => this.tick());
  }

  /** False for good once it has stood still. */
  get isAwake(): boolean {
    if (!this.isOver && this.clock.monotonic() - this.seenAt > this.limitMs && this.isSeen()) {
      this.isOver = true;
      this.close();
      this.onStandstill();
    }
    return !this.isOver;
  }

  close(): void {
    this.ticking.cancel();
  }

  private tick(): void {
    if (this.isAwake) this.seenAt = this.clock.monotonic();
  }
}
