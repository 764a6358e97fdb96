import { payments } from '@rookery/contracts/messages';
import type { Money, PaymentState, PaymentStatus } from '../domain/payment.events.js';

const { PaymentStatus: Status } = payments;

const statuses: Readonly<Record<PaymentStatus, payments.PaymentStatus>> = {
  none: Status.PAYMENT_STATUS_UNSPECIFIED,
  authorising: Status.PAYMENT_STATUS_AUTHORISING,
  authorised: Status.PAYMENT_STATUS_AUTHORISED,
  declined: Status.PAYMENT_STATUS_DECLINED,
  capturing: Status.PAYMENT_STATUS_CAPTURING,
  captured: Status.PAYMENT_STATUS_CAPTURED,
  'capture-declined': Status.PAYMENT_STATUS_CAPTURE_DECLINED,
  voiding: Status.PAYMENT_STATUS_VOIDING,
  voided: Status.PAYMENT_STATUS_VOIDED,
};

export function toPayment(state: PaymentState): payments.Payment {
  const { amount, declineReason = '', orderId, status } = state;
  return { orderId, status: statuses[status], amount, declineReason };
}

/** Throws a TypeError without an amount, which the contract requires. */
export function toMoney(money: payments.Money | undefined): Money {
  if (money === undefined) throw new TypeError('a request without an amount has passed its contract');
  const { currency, minorUnits } = money;
  return { currency, minorUnits };
}
