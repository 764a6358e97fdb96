// #region reaction
import { Injectable } from '@nestjs/common';
import { Reaction } from '@rookery/cqrs';
import { type FiredCall, idOf, type RecordedEvent, type TimerChange } from '@rookery/eventsourcing';
import { InventoryConfig } from '../../app.config.js';
import { stockAggregate } from '../domain/stock.aggregate.js';
import type { StockEvent } from '../domain/stock.events.js';
import { StockPort } from './stock.port.js';

interface Reserved {
  readonly sku: string;
  readonly orderId: string;
}

/** A reservation that nobody has committed or released in time expires; its time is counted by the clock of the database. */
@Injectable()
export class ReservationExpiry extends Reaction {
  readonly name = 'reservation_expiry';
  readonly sources = [stockAggregate];

  constructor(
    private readonly stock: StockPort,
    private readonly config: InventoryConfig,
  ) {
    super();
  }

  on({ event: recorded, recordedAt, stream }: RecordedEvent): TimerChange | undefined {
    const event = recorded as StockEvent;
    if (event.type === 'StockReceived' || event.type === 'StockReturned') return undefined;
    const { orderId } = event;
    const sku = idOf(stream);
    const key = `${sku}/${orderId}`;
    if (event.type !== 'StockReserved') return { key, isCancelled: true };
    return { key, dueAt: recordedAt + this.config.RESERVATION_MS, payload: { sku, orderId } satisfies Reserved };
  }

  async fire({ payload }: { readonly payload: unknown }, { commandId }: FiredCall): Promise<void> {
    const { orderId, sku } = payload as Reserved;
    await this.stock.expireReservation(sku, orderId, commandId);
  }
}
// #endregion
