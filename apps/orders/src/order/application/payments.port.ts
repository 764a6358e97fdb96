import type { Money } from '../domain/order.events.js';
import type { OrderCall } from './order-call.js';

/**
 * The payment of an order. Rejects with the codes of payments' contract, with PAYMENT_DECLINED and CAPTURE_DECLINED where the
 * contract has an answer, and with PAYMENT_OPEN when the payment is on its way to something else.
 */
export abstract class PaymentsPort {
  abstract authorise(amount: Money, card: string, call: OrderCall): Promise<void>;
  abstract capture(call: OrderCall): Promise<void>;
  abstract void(call: OrderCall): Promise<void>;
}
