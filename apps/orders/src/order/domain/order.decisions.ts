import { DomainError } from '@rookery/runtime';
import type { AbandonOrder, CancelOrder, PlaceOrder, SealOrder } from './order.commands.js';
import type { OrderEvent, OrderLine, OrderState } from './order.events.js';

export function placeOrder(state: OrderState, { type: _, ...order }: PlaceOrder): OrderEvent[] {
  if (state.status !== 'none') {
    if (isSame(state, order)) return [];
    // In these words to everybody: who has the order, and what it is, is nobody's business who asks for the id.
    throw new DomainError('ORDER_ID_TAKEN', 'another order has this id', { kind: 'already-exists' });
  }
  return [{ type: 'OrderPlaced', ...order }];
}

/** Cancelling what is cancelled is no error: the customer only wants it gone. */
export function cancelOrder(state: OrderState, { customer }: CancelOrder): OrderEvent[] {
  switch (ownOrder(state, customer).status) {
    case 'placed':
      return [{ type: 'OrderCancelled', reason: 'customer' }];
    case 'cancelled':
      return [];
    case 'sealed':
    case 'confirmed':
      throw new DomainError('ORDER_SEALED', 'the order is being fulfilled and cannot be cancelled any more');
  }
}

export function sealOrder(state: OrderState, { total }: SealOrder): OrderEvent[] {
  switch (anyOrder(state).status) {
    case 'placed':
      return [{ type: 'OrderSealed', total }];
    case 'sealed':
    case 'confirmed':
      return [];
    case 'cancelled':
      throw cancelled();
  }
}

export function confirmOrder(state: OrderState): OrderEvent[] {
  const order = anyOrder(state);
  switch (order.status) {
    case 'placed':
      throw new DomainError('ORDER_NOT_SEALED', 'only a sealed order can be confirmed');
    case 'sealed':
      return [{ type: 'OrderConfirmed', total: order.total }];
    case 'confirmed':
      return [];
    case 'cancelled':
      throw cancelled();
  }
}

export function abandonOrder(state: OrderState, { reason }: AbandonOrder): OrderEvent[] {
  switch (anyOrder(state).status) {
    case 'placed':
    case 'sealed':
      return [{ type: 'OrderCancelled', reason }];
    case 'cancelled':
      return [];
    case 'confirmed':
      throw new DomainError('ORDER_CONFIRMED', 'the order is confirmed');
  }
}

type Existing = Exclude<OrderState, { readonly status: 'none' }>;

/** The order, if there is one and it is this customer's; what a query shows, too. */
export function ownOrder(state: OrderState, customer: string): Existing {
  const order = anyOrder(state);
  if (order.customer !== customer) throw notFound();
  return order;
}

function anyOrder(state: OrderState): Existing {
  if (state.status === 'none') throw notFound();
  return state;
}

function isSame(known: Existing, asked: Omit<PlaceOrder, 'type'>): boolean {
  return (
    known.customer === asked.customer &&
    known.currency === asked.currency &&
    known.card === asked.card &&
    known.lines.length === asked.lines.length &&
    known.lines.every(({ sku, quantity }, at) => {
      const line = asked.lines[at];
      return line?.sku === sku && line.quantity === quantity;
    })
  );
}

/**
 * An order reserves once of each SKU. That is true of the order as it is asked for, whatever there is: so nobody need look, and
 * no refusal need be kept.
 */
export function requireDistinctSkus(lines: readonly OrderLine[]): void {
  const skus = lines.map(({ sku }) => sku);
  const violations = skus.flatMap((sku, at) =>
    skus.indexOf(sku) < at ? [{ field: `lines[${at}].sku`, description: `${sku} stands in another line` }] : [],
  );
  if (violations.length === 0) return;
  throw new DomainError('SKU_REPEATED', 'each SKU stands in one line', { kind: 'invalid-argument', violations });
}

function notFound(): DomainError {
  return new DomainError('ORDER_NOT_FOUND', 'there is no such order', { kind: 'not-found' });
}

function cancelled(): DomainError {
  return new DomainError('ORDER_CANCELLED', 'the order is cancelled');
}
