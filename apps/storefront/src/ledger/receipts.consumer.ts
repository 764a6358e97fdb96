import { Injectable } from '@nestjs/common';
import { inventory } from '@rookery/contracts/messages';
import { type EventType, IntegrationEventHandler, type ReceivedEvent } from '@rookery/messaging';
import type { Transaction } from '@rookery/postgres';
import { LedgerStore } from './ledger.store.js';

/** Enters into the ledger which units inventory has received. */
@Injectable()
export class ReceiptsConsumer extends IntegrationEventHandler<inventory.StockReceived> {
  readonly name = 'receipts';
  readonly service = 'inventory';
  readonly types: readonly EventType<inventory.StockReceived>[] = [inventory.StockReceived];

  constructor(private readonly ledger: LedgerStore) {
    super();
  }

  async handle({ message }: ReceivedEvent<inventory.StockReceived>, transaction: Transaction): Promise<void> {
    await this.ledger.receive(message.sku, message.quantity, transaction);
  }
}
