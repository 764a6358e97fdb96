import type { Clock } from '@rookery/runtime';

export interface RetryBudgetOptions {
  /** Retries granted for each first attempt of the window. Default 0.2. */
  readonly ratio?: number;
  /** Retries per second granted whatever the traffic, so that a quiet caller can retry at all. Default 10. */
  readonly minPerSecond?: number;
  /** How long deposits and withdrawals count. Default 10 000. */
  readonly ttlMs?: number;
}

// The window slides by tenths. One more slot is the one being filled, so that the window is never shorter than the TTL.
const SLOTS = 11;

/**
 * Keeps retries a fixed share of the traffic, so that they cannot multiply an outage. In any stretch of `ttlMs` no more
 * is withdrawn than `ratio` × deposits + `minPerSecond` × `ttlMs`. Defaults are those of Finagle's RetryBudget.
 *
 * Constant time, no allocation. One budget serves one target (a service seen by one caller process).
 */
export class RetryBudget {
  private readonly ratio: number;
  private readonly reserve: number;
  private readonly slotMs: number;
  private readonly deposits = new Float64Array(SLOTS);
  private readonly withdrawals = new Float64Array(SLOTS);
  private deposited = 0;
  private withdrawn = 0;
  private turn: number;
  private slot = 0;

  constructor(
    private readonly clock: Clock,
    options: RetryBudgetOptions = {},
  ) {
    const { ratio = 0.2, minPerSecond = 10, ttlMs = 10_000 } = options;
    if (!(ttlMs > 0 && ttlMs < Infinity)) throw new RangeError(`ttlMs must be a number above 0, got ${ttlMs}`);
    this.ratio = notNegative('ratio', ratio);
    this.reserve = (notNegative('minPerSecond', minPerSecond) * ttlMs) / 1000;
    this.slotMs = ttlMs / (SLOTS - 1);
    this.turn = Math.floor(clock.monotonic() / this.slotMs);
  }

  /** A call makes its first attempt. */
  deposit(now = this.clock.monotonic()): void {
    this.slide(now);
    this.deposits[this.slot] = (this.deposits[this.slot] ?? 0) + 1;
    this.deposited++;
  }

  /** Asks for one retry; true grants it and books it. */
  withdraw(): boolean {
    this.slide(this.clock.monotonic());
    if (this.available() < 1) return false;
    this.withdrawals[this.slot] = (this.withdrawals[this.slot] ?? 0) + 1;
    this.withdrawn++;
    return true;
  }

  /** How many retries would be granted now, for metrics. */
  get balance(): number {
    this.slide(this.clock.monotonic());
    return Math.max(0, Math.floor(this.available()));
  }

  private available(): number {
    return this.reserve + this.ratio * this.deposited - this.withdrawn;
  }

  private slide(now: number): void {
    const turn = Math.floor(now / this.slotMs);
    const steps = Math.min(turn - this.turn, SLOTS);
    this.turn = turn;
    for (let step = 0; step < steps; step++) {
      this.slot = (this.slot + 1) % SLOTS;
      this.deposited -= this.deposits[this.slot] ?? 0;
      this.withdrawn -= this.withdrawals[this.slot] ?? 0;
      this.deposits[this.slot] = 0;
      this.withdrawals[this.slot] = 0;
    }
  }
}

function notNegative(name: string, value: number): number {
  if (value >= 0 && value < Infinity) return value;
  throw new RangeError(`${name} must be a number of 0 or more, got ${value}`);
}
