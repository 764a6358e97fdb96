// Generated from proto/ by `npm run generate`; do not edit.
import * as inventory from './inventory.js';
import * as orders from './orders.js';
import * as payments from './payments.js';

/** The full names of integration events, which are the messages of `…_events.proto`, by their codecs. */
export const eventNames: ReadonlyMap<object, string> = new Map<object, string>([
  [inventory.StockReceived, 'rookery.inventory.v1.StockReceived'],
  [inventory.ReservationExpired, 'rookery.inventory.v1.ReservationExpired'],
  [orders.OrderPlaced, 'rookery.orders.v1.OrderPlaced'],
  [orders.OrderConfirmed, 'rookery.orders.v1.OrderConfirmed'],
  [orders.OrderCancelled, 'rookery.orders.v1.OrderCancelled'],
  [payments.PaymentCaptured, 'rookery.payments.v1.PaymentCaptured'],
  [payments.PaymentDeclined, 'rookery.payments.v1.PaymentDeclined'],
]);
