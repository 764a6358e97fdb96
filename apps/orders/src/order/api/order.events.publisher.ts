import { Injectable } from '@nestjs/common';
import { orders } from '@rookery/contracts/messages';
import { idOf, type RecordedEvent } from '@rookery/eventsourcing';
import { type EventType, type IntegrationEvent, integrationEvent, IntegrationEvents } from '@rookery/messaging';
import { orderAggregate } from '../domain/order.aggregate.js';
import type { OrderEvent } from '../domain/order.events.js';
import { toReason } from './order.mapper.js';

/** What others hear of an order: neither whose it is nor how it is paid. */
@Injectable()
export class OrderEventsPublisher extends IntegrationEvents<OrderEvent> {
  readonly source = orderAggregate;
  readonly types: readonly EventType[] = [orders.OrderPlaced, orders.OrderConfirmed, orders.OrderCancelled];

  from({ event, stream }: RecordedEvent<OrderEvent>): IntegrationEvent | undefined {
    const orderId = idOf(stream);
    switch (event.type) {
      case 'OrderPlaced': {
        const lines = event.lines.map(({ quantity, sku }) => ({ sku, quantity }));
        return integrationEvent(orders.OrderPlaced, { orderId, lines }, orderId);
      }
      case 'OrderConfirmed':
        return integrationEvent(orders.OrderConfirmed, { orderId, total: { ...event.total } }, orderId);
      case 'OrderCancelled':
        return integrationEvent(orders.OrderCancelled, { orderId, reason: toReason(event.reason) }, orderId);
      case 'OrderSealed':
        return undefined;
    }
  }
}
