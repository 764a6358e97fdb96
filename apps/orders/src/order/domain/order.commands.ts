import type { FailureReason, Money, OrderLine } from './order.events.js';

/** What can be asked of an order: by its customer, or by its fulfilment. All may be repeated. */
export type OrderCommand = PlaceOrder | CancelOrder | SealOrder | ConfirmOrder | AbandonOrder;

export interface PlaceOrder {
  readonly type: 'PlaceOrder';
  readonly orderId: string;
  readonly customer: string;
  readonly lines: readonly OrderLine[];
  readonly currency: string;
  readonly card: string;
  /** In ms since the epoch. */
  readonly at: number;
}

export interface CancelOrder {
  readonly type: 'CancelOrder';
  readonly customer: string;
}

export interface SealOrder {
  readonly type: 'SealOrder';
  readonly total: Money;
}

export interface ConfirmOrder {
  readonly type: 'ConfirmOrder';
}

export interface AbandonOrder {
  readonly type: 'AbandonOrder';
  readonly reason: FailureReason;
}
