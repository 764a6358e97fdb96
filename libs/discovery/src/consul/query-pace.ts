import type { Clock } from '@rookery/runtime';

const BURST = 2;
const FASTEST_MS = 250;
const SLOWEST_MS = 15_000;

/**
 * The token bucket of a blocking query: two queries at once, then one for each refill. Answers with news refill it in 250 ms,
 * so a storm of real changes still arrives four times a second; each answer that came early and brought nothing doubles the
 * refill, up to 15 s, so a registry that answers without end costs one query in that time.
 */
export class QueryPace {
  private tokens = BURST;
  private refillMs = FASTEST_MS;
  private countedAt: number;

  constructor(private readonly clock: Clock) {
    this.countedAt = clock.monotonic();
  }

  /** Takes a token and tells how many milliseconds to wait before using it. */
  take(): number {
    const now = this.clock.monotonic();
    this.tokens = Math.min(BURST, this.tokens + (now - this.countedAt) / this.refillMs) - 1;
    this.countedAt = now;
    return this.tokens >= 0 ? 0 : -this.tokens * this.refillMs;
  }

  /** The last answer brought news, or came after the whole wait, as it should. */
  useful(): void {
    this.refillMs = FASTEST_MS;
  }

  /** The last answer came early and brought nothing. */
  wasted(): void {
    this.refillMs = Math.min(SLOWEST_MS, this.refillMs * 2);
  }
}
