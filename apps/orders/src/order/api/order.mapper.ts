import { orders } from '@rookery/contracts/messages';
import type { OrderAnswer } from '../domain/order.aggregate.js';
import type { CancelReason, FailureReason, Money, OrderState } from '../domain/order.events.js';
import { invalidField } from './invalid-field.js';

const { OrderStatus, CancelReason: Reason } = orders;

const STATUSES: Readonly<Record<OrderState['status'], orders.OrderStatus>> = {
  none: OrderStatus.ORDER_STATUS_UNSPECIFIED,
  placed: OrderStatus.ORDER_STATUS_PLACED,
  sealed: OrderStatus.ORDER_STATUS_SEALED,
  confirmed: OrderStatus.ORDER_STATUS_CONFIRMED,
  cancelled: OrderStatus.ORDER_STATUS_CANCELLED,
};

const FAILURES: Readonly<Record<FailureReason, orders.CancelReason>> = {
  'out-of-stock': Reason.CANCEL_REASON_OUT_OF_STOCK,
  'no-price': Reason.CANCEL_REASON_NO_PRICE,
  'payment-declined': Reason.CANCEL_REASON_PAYMENT_DECLINED,
  'reservation-expired': Reason.CANCEL_REASON_RESERVATION_EXPIRED,
  'timed-out': Reason.CANCEL_REASON_TIMED_OUT,
};

const REASONS: Readonly<Record<CancelReason, orders.CancelReason>> = {
  ...FAILURES,
  customer: Reason.CANCEL_REASON_CUSTOMER,
};

export function toOrder({ currency, lines, orderId, placedAt, reason, status, total }: OrderAnswer): orders.Order {
  return {
    ...{ orderId, status: STATUSES[status], currency, total, placedAt: new Date(placedAt) },
    lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
    cancelReason: reason === undefined ? Reason.CANCEL_REASON_UNSPECIFIED : toReason(reason),
  };
}

export function toReason(reason: CancelReason): orders.CancelReason {
  return REASONS[reason];
}

/** Why an order is abandoned; for the customer it is cancelled, not abandoned. */
export function fromReason(reason: orders.CancelReason): FailureReason {
  const found = (Object.keys(FAILURES) as FailureReason[]).find((one) => FAILURES[one] === reason);
  if (found === undefined) throw invalidField('reason', 'must say why the order cannot be fulfilled');
  return found;
}

export function fromTotal(total: orders.Money | undefined): Money {
  if (total === undefined) throw invalidField('total', 'must be set');
  return total;
}
