import type { OrderEnd } from './order-end.mapper.js';

/** What became of the orders that were placed since the process started: `placed` is the sum of all others. */
export interface OrderStats extends Readonly<Record<OrderEnd, number>> {
  readonly placed: number;
  /** Followed by their buyers at this moment. */
  readonly open: number;
  /** Their buyers gave up, or the shop closed, before the end was known. */
  readonly unknown: number;
}

/** Counts what became of orders. */
export class OrderTally {
  private placed = 0;
  private open = 0;
  private unknown = 0;
  private readonly ends: Record<OrderEnd, number> = {
    confirmed: 0,
    soldOut: 0,
    declined: 0,
    cancelled: 0,
    otherwise: 0,
  };

  wasPlaced(): void {
    this.placed++;
    this.open++;
  }

  ended(end: OrderEnd): void {
    this.open--;
    this.ends[end]++;
  }

  lost(): void {
    this.open--;
    this.unknown++;
  }

  stats(): OrderStats {
    const { open, placed, unknown } = this;
    return { placed, ...this.ends, open, unknown };
  }
}
