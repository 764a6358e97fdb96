/** What can have happened to an order. */
export type OrderEvent = OrderPlaced | OrderSealed | OrderConfirmed | OrderCancelled;

export interface OrderPlaced {
  readonly type: 'OrderPlaced';
  readonly orderId: string;
  /** The subject of the token that placed it. */
  readonly customer: string;
  readonly lines: readonly OrderLine[];
  readonly currency: string;
  /** The token that stands for a card. */
  readonly card: string;
  /** In ms since the epoch. */
  readonly at: number;
}

/** From here on the customer cannot cancel. */
interface OrderSealed {
  readonly type: 'OrderSealed';
  readonly total: Money;
}

interface OrderConfirmed {
  readonly type: 'OrderConfirmed';
  readonly total: Money;
}

interface OrderCancelled {
  readonly type: 'OrderCancelled';
  readonly reason: CancelReason;
}

/** A SKU stands in one line of an order at most. */
export interface OrderLine {
  readonly sku: string;
  readonly quantity: number;
}

/** In minor units. */
export interface Money {
  readonly currency: string;
  readonly minorUnits: number;
}

export type CancelReason = 'customer' | FailureReason;

/** Why an order cannot be fulfilled. */
export type FailureReason = 'out-of-stock' | 'no-price' | 'payment-declined' | 'reservation-expired' | 'timed-out';

/** An order ends as confirmed or as cancelled, and stays so. */
export type OrderState =
  | { readonly status: 'none' }
  | (Placed & { readonly status: 'placed' })
  | (Placed & { readonly status: 'sealed' | 'confirmed'; readonly total: Money })
  | (Placed & { readonly status: 'cancelled'; readonly reason: CancelReason });

export type Placed = Omit<OrderPlaced, 'type'>;
