import type { Aggregate } from '@rookery/eventsourcing';
import type { OrderCommand } from './order.commands.js';
import { abandonOrder, cancelOrder, confirmOrder, placeOrder, sealOrder } from './order.decisions.js';
import type { CancelReason, Money, OrderEvent, OrderLine, OrderState } from './order.events.js';

/** An order as its customer sees it. */
export interface OrderAnswer {
  readonly status: OrderState['status'];
  readonly orderId: string;
  readonly lines: readonly OrderLine[];
  readonly currency: string;
  /** In ms since the epoch. */
  readonly placedAt: number;
  readonly total?: Money;
  readonly reason?: CancelReason;
}

/** The rules of one order. */
export const orderAggregate: Aggregate<OrderState, OrderCommand, OrderEvent, OrderAnswer> = {
  name: 'order',
  initialState: () => ({ status: 'none' }),
  decide(state, command) {
    switch (command.type) {
      case 'PlaceOrder':
        return placeOrder(state, command);
      case 'CancelOrder':
        return cancelOrder(state, command);
      case 'SealOrder':
        return sealOrder(state, command);
      case 'ConfirmOrder':
        return confirmOrder(state);
      case 'AbandonOrder':
        return abandonOrder(state, command);
    }
  },
  evolve,
  answer: answerOf,
};

/** The card and the customer's name stay inside. */
export function answerOf(state: OrderState): OrderAnswer {
  if (state.status === 'none') return { status: 'none', orderId: '', lines: [], currency: '', placedAt: 0 };
  const { status, orderId, lines, currency, at } = state;
  const answer = { status, orderId, lines, currency, placedAt: at };
  if ('total' in state) return { ...answer, total: state.total };
  return 'reason' in state ? { ...answer, reason: state.reason } : answer;
}

function evolve(state: OrderState, event: OrderEvent): OrderState {
  if (event.type === 'OrderPlaced') {
    const { type: _, ...placed } = event;
    return { status: 'placed', ...placed };
  }
  if (state.status === 'none') return state;
  const { orderId, customer, lines, currency, card, at } = state;
  const placed = { orderId, customer, lines, currency, card, at };
  switch (event.type) {
    case 'OrderSealed':
      return { ...placed, status: 'sealed', total: event.total };
    case 'OrderConfirmed':
      return { ...placed, status: 'confirmed', total: event.total };
    case 'OrderCancelled':
      return { ...placed, status: 'cancelled', reason: event.reason };
  }
}
