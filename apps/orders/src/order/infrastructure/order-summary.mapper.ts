import type { OrderSummary } from '../application/order-summary.store.js';
import type { OrderAnswer } from '../domain/order.aggregate.js';

/** An order as its table has it. */
export interface SummaryRow {
  readonly order_id: string;
  readonly position: number;
  readonly placed_at: number;
  readonly currency: string;
  readonly lines: OrderAnswer['lines'];
  readonly status: OrderAnswer['status'];
  readonly total: number | null;
  readonly reason: NonNullable<OrderAnswer['reason']> | null;
}

export function toSummary(row: SummaryRow): OrderSummary {
  const { currency, lines, position, reason, status, total } = row;
  const order: OrderAnswer = {
    ...{ orderId: row.order_id, status, currency, lines, placedAt: row.placed_at },
    ...(total === null ? {} : { total: { currency, minorUnits: total } }),
    ...(reason === null ? {} : { reason }),
  };
  return { order, position };
}
