import type { orders, pricing } from '@rookery/contracts/messages';
import type { OrderEnd } from './order-end.mapper.js';

/** What a shopper does in the shop, whichever way it takes. Rejects with `DomainError`. */
export interface Shop {
  quote(basket: pricing.QuotePriceRequest): Promise<void>;
  /** May be repeated: an order is placed once. */
  place(order: orders.PlaceOrderRequest): Promise<void>;
  /** Rejects with ORDER_SEALED when it is too late. */
  cancel(orderId: string): Promise<void>;
  /** Waits until the order is over. Rejects when it cannot be followed any more, or `leaving` aborts. */
  follow(orderId: string, leaving: AbortSignal): Promise<OrderEnd>;
}
