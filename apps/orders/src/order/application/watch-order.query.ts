import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { AggregateChanges } from '@rookery/cqrs';
import { answerOf, type OrderAnswer, orderAggregate } from '../domain/order.aggregate.js';
import { ownOrder } from '../domain/order.decisions.js';
import type { OrderState } from '../domain/order.events.js';

export class WatchOrder extends Query<AsyncIterable<OrderAnswer>> {
  constructor(
    readonly orderId: string,
    readonly customer: string,
    /** Aborted when nobody watches any longer. */
    readonly signal: AbortSignal,
  ) {
    super();
  }
}

@QueryHandler(WatchOrder)
export class WatchOrderHandler implements IQueryHandler<WatchOrder> {
  constructor(private readonly changes: AggregateChanges) {}

  async execute({ customer, orderId, signal }: WatchOrder): Promise<AsyncIterable<OrderAnswer>> {
    return untilEnd(this.changes.watch(orderAggregate, orderId, signal), customer);
  }
}

async function* untilEnd(states: AsyncIterable<OrderState>, customer: string): AsyncGenerator<OrderAnswer, void> {
  for await (const state of states) {
    const { status } = ownOrder(state, customer);
    yield answerOf(state);
    if (status === 'confirmed' || status === 'cancelled') return;
  }
}
