import type { FailureReason, Money } from '../domain/order.events.js';
import type { OrderCall } from './order-call.js';

/** The order itself, wherever its grain is. Rejects with ORDER_CANCELLED when its customer was first. */
export abstract class OrderPort {
  abstract seal(total: Money, call: OrderCall): Promise<void>;
  abstract confirm(call: OrderCall): Promise<void>;
  abstract abandon(reason: FailureReason, call: OrderCall): Promise<void>;
}
