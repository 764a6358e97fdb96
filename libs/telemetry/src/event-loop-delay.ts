import type { Cancellable, Clock, Scheduler } from '@rookery/runtime';

import { LatencyHistogram } from './latency-histogram.js';

/** How often the delay is measured. A loop that stands still for longer than this is always seen. */
const PERIOD_MS = 20;

/** How late timers ran since the window was last read. */
export interface DelayWindow {
  /** The 99th percentile in milliseconds; 0 when nothing was measured. Begins the window anew. */
  takeP99Ms(): number;
}

/**
 * Measures how late a timer runs, which is how long anything else in this process has to wait for its turn. An own
 * timer, and not `monitorEventLoopDelay`: that one has a single window for all readers, counts its own period as delay,
 * and forgets the tick in progress when it is reset, so a block that begins right after a reset is never seen.
 */
export class EventLoopDelay {
  private readonly windows: LatencyHistogram[] = [];
  private timer: Cancellable | undefined;
  private lastAt = 0;

  constructor(
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {}

  /** A window of its own for one reader. */
  window(): DelayWindow {
    const histogram = new LatencyHistogram();
    this.windows.push(histogram);
    return {
      takeP99Ms: () => {
        const micros = histogram.quantile(0.99) ?? 0;
        histogram.reset();
        return micros / 1000;
      },
    };
  }

  start(): void {
    if (this.timer !== undefined) return;
    this.lastAt = this.clock.monotonic();
    this.timer = this.scheduler.interval(PERIOD_MS, () => this.measure());
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private measure(): void {
    const now = this.clock.monotonic();
    const delayMicros = Math.max(0, now - this.lastAt - PERIOD_MS) * 1000;
    this.lastAt = now;
    for (const window of this.windows) window.record(delayMicros);
  }
}
