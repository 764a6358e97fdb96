import { Injectable } from '@nestjs/common';
import { orders } from '@rookery/contracts/messages';
import { type EventType, IntegrationEventHandler, isOf, type ReceivedEvent } from '@rookery/messaging';
import type { Transaction } from '@rookery/postgres';
import { LedgerStore } from './ledger.store.js';

type OrdersEvent = orders.OrderPlaced | orders.OrderConfirmed | orders.OrderCancelled;

/** Enters into the ledger what orders tells of all orders, whoever placed them. */
@Injectable()
export class SalesConsumer extends IntegrationEventHandler<OrdersEvent> {
  readonly name = 'sales';
  readonly service = 'orders';
  readonly types: readonly EventType<OrdersEvent>[] = [
    orders.OrderPlaced,
    orders.OrderConfirmed,
    orders.OrderCancelled,
  ];

  constructor(private readonly ledger: LedgerStore) {
    super();
  }

  async handle(event: ReceivedEvent<OrdersEvent>, transaction: Transaction): Promise<void> {
    if (isOf(event, orders.OrderPlaced)) {
      const { lines, orderId } = event.message;
      await this.ledger.open(orderId, lines, transaction);
    } else if (isOf(event, orders.OrderConfirmed)) {
      await this.ledger.confirm(event.message.orderId, transaction);
    } else if (isOf(event, orders.OrderCancelled)) {
      const { orderId, reason } = event.message;
      await this.ledger.cancel(orderId, reason, transaction);
    }
  }
}
