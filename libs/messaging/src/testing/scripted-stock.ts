import { inventory } from '@rookery/contracts/messages';
import { type EventStore, idOf, type RecordedEvent, type StoredEvent, streamOf } from '@rookery/eventsourcing';
import { type IntegrationEvent, integrationEvent } from '../publishing/integration-event.js';
import { IntegrationEvents } from '../publishing/integration-events.js';

type StockEvent =
  | { readonly type: 'Received'; readonly quantity: number }
  | { readonly type: 'Expired'; readonly orderId: string }
  | { readonly type: 'Counted' };

/** Tells of what was received and what expired, and not of what was counted. */
export class ScriptedStockEvents extends IntegrationEvents<StockEvent> {
  readonly source = { name: 'stock' };
  readonly types = [inventory.StockReceived, inventory.ReservationExpired];

  from({ event, stream }: RecordedEvent<StockEvent>): IntegrationEvent | undefined {
    const sku = idOf(stream);
    switch (event.type) {
      case 'Received':
        return integrationEvent(inventory.StockReceived, { sku, quantity: event.quantity }, sku);
      case 'Expired':
        return integrationEvent(inventory.ReservationExpired, { sku, orderId: event.orderId, quantity: 1 }, sku);
      case 'Counted':
        return undefined;
    }
  }
}

/** Has events of stock happen in a log. */
export class ScriptedStock {
  private readonly versions = new Map<string, number>();

  constructor(private readonly store: EventStore) {}

  receive(sku: string, ...quantities: readonly number[]): Promise<void> {
    return this.happen(
      sku,
      quantities.map((quantity) => ({ type: 'Received', quantity })),
    );
  }

  expire(sku: string, orderId: string): Promise<void> {
    return this.happen(sku, [{ type: 'Expired', orderId }]);
  }

  count(sku: string): Promise<void> {
    return this.happen(sku, [{ type: 'Counted' }]);
  }

  private async happen(sku: string, events: readonly StoredEvent[]): Promise<void> {
    const before = this.versions.get(sku) ?? 0;
    await this.store.append({
      stream: streamOf('stock', sku),
      expectedVersion: before,
      events: events.map((event) => ({ event, schema: 1, metadata: {} })),
      commands: [],
    });
    this.versions.set(sku, before + events.length);
  }
}
