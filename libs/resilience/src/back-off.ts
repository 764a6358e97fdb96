import type { Random } from '@rookery/runtime';

export interface BackOffOptions {
  /** The longest pause before the first retry; doubles with each further one. */
  readonly baseMs: number;
  /** No pause is longer. */
  readonly capMs: number;
}

/**
 * The pause before a retry, uniformly from [0, min(`capMs`, `baseMs` × 2^(`attempt` − 1))): full jitter, which spreads
 * the retries of many callers best. `attempt` is 1 for the first retry; any larger number is safe.
 */
export function fullJitter(attempt: number, options: BackOffOptions, random: Random): number {
  const { baseMs, capMs } = options;
  // Past 2^1023 doubling is Infinity, and Infinity × 0 is not a number; 2^52 reaches any cap from any sensible base.
  const doublings = Math.min(Math.max(0, attempt - 1), 52);
  return random.next() * Math.max(0, Math.min(capMs, baseMs * 2 ** doublings));
}
