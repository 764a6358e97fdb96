import type { OrderAnswer } from '../domain/order.aggregate.js';

/** An order as its table has it. */
export interface SummaryRow {
  readonly order_id: string;
  readonly placed_at: number;
  readonly currency: string;
  readonly lines: OrderAnswer['lines'];
  readonly status: OrderAnswer['status'];
  readonly total: number | null;
  readonly reason: NonNullable<OrderAnswer['reason']> | null;
}

export function toOrderAnswer(row: SummaryRow): OrderAnswer {
  const { currency, lines, reason, status, total } = row;
  return {
    ...{ orderId: row.order_id, status, currency, lines, placedAt: row.placed_at },
    ...(total === null ? {} : { total: { currency, minorUnits: total } }),
    ...(reason === null ? {} : { reason }),
  };
}
