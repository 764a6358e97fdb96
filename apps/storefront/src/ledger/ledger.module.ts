import { Module } from '@nestjs/common';
import { Ledger } from './ledger.js';
import { LedgerStore } from './ledger.store.js';
import { ReceiptsConsumer } from './receipts.consumer.js';
import { SalesConsumer } from './sales.consumer.js';

@Module({
  providers: [Ledger, LedgerStore, ReceiptsConsumer, SalesConsumer],
  exports: [Ledger],
})
export class LedgerModule {}
