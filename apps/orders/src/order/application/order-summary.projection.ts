import { Injectable } from '@nestjs/common';
import { Projection, type Transaction } from '@rookery/cqrs';
import { idOf, type RecordedEvent } from '@rookery/eventsourcing';
import { orderAggregate } from '../domain/order.aggregate.js';
import type { OrderEvent } from '../domain/order.events.js';
import { type NewSummary, ORDER_SUMMARIES, OrderSummaryStore, type SummaryChange } from './order-summary.store.js';

/** Keeps a line for each order, so that a customer's are found together. */
@Injectable()
export class OrderSummaries extends Projection {
  readonly name = ORDER_SUMMARIES.name;
  readonly generation = ORDER_SUMMARIES.generation;
  readonly sources = [orderAggregate];
  readonly tables: string;

  constructor(private readonly store: OrderSummaryStore) {
    super();
    this.tables = store.tables;
  }

  async apply(events: readonly RecordedEvent[], transaction: Transaction): Promise<void> {
    await this.store.write(events.flatMap(addedBy), events.flatMap(changedBy), transaction);
  }
}

function addedBy({ event: recorded, position }: RecordedEvent): NewSummary[] {
  const event = recorded as OrderEvent;
  if (event.type !== 'OrderPlaced') return [];
  const { at, currency, customer, lines, orderId } = event;
  return [{ at, currency, customer, lines, orderId, position }];
}

function changedBy({ event: recorded, stream }: RecordedEvent): SummaryChange[] {
  const event = recorded as OrderEvent;
  const orderId = idOf(stream);
  switch (event.type) {
    case 'OrderPlaced':
      return [];
    case 'OrderSealed':
      return [{ orderId, status: 'sealed', total: event.total }];
    case 'OrderConfirmed':
      return [{ orderId, status: 'confirmed', total: event.total }];
    case 'OrderCancelled':
      return [{ orderId, status: 'cancelled', reason: event.reason }];
  }
}
