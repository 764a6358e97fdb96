import { Injectable } from '@nestjs/common';
import { inventory } from '@rookery/contracts/messages';
import { idOf, type RecordedEvent } from '@rookery/eventsourcing';
import { type EventType, type IntegrationEvent, integrationEvent, IntegrationEvents } from '@rookery/messaging';
import { stockAggregate } from '../domain/stock.aggregate.js';
import type { StockEvent } from '../domain/stock.events.js';

// #region publisher
/** What others hear of the stock. */
@Injectable()
export class StockEventsPublisher extends IntegrationEvents<StockEvent> {
  readonly source = stockAggregate;
  readonly types: readonly EventType[] = [inventory.StockReceived, inventory.ReservationExpired];

  from({ event, stream }: RecordedEvent<StockEvent>): IntegrationEvent | undefined {
    const sku = idOf(stream);
    switch (event.type) {
      case 'StockReceived':
        return integrationEvent(inventory.StockReceived, { sku, quantity: event.quantity }, sku);
      case 'ReservationExpired': {
        const { orderId, quantity } = event;
        return integrationEvent(inventory.ReservationExpired, { sku, orderId, quantity }, sku);
      }
      default:
        return undefined;
    }
  }
}
// #endregion
