/** How an order ended, as the shop counts it. */
export type OrderEnd = 'confirmed' | 'soldOut' | 'declined' | 'cancelled' | 'otherwise';

const BY_REASON: ReadonlyMap<string, OrderEnd> = new Map([
  ['CANCEL_REASON_CUSTOMER', 'cancelled'],
  ['CANCEL_REASON_OUT_OF_STOCK', 'soldOut'],
  ['CANCEL_REASON_PAYMENT_DECLINED', 'declined'],
]);

/** Undefined while the order is not over. Both are the names that the contract has. */
export function toOrderEnd(status: string | undefined, cancelReason: string | undefined): OrderEnd | undefined {
  if (status === 'ORDER_STATUS_CONFIRMED') return 'confirmed';
  if (status !== 'ORDER_STATUS_CANCELLED') return undefined;
  return BY_REASON.get(cancelReason ?? '') ?? 'otherwise';
}
