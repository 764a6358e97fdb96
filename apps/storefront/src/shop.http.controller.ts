import { Controller, Get } from '@nestjs/common';
import { Ledger } from './ledger/ledger.js';
import type { LedgerTotals } from './ledger/ledger.mapper.js';
import { type OrderStats, OrderTally } from './order-tally.js';
import { type ShopStats, Tally } from './tally.js';

/** How the shoppers of this instance fare and their orders, and what became of all orders, for scripts. */
@Controller()
export class ShopHttpController {
  constructor(
    private readonly tally: Tally,
    private readonly orders: OrderTally,
    private readonly ledger: Ledger,
  ) {}

  @Get('stats')
  stats(): ShopStats & { readonly orders: OrderStats; readonly ledger: LedgerTotals } {
    return { ...this.tally.stats(), orders: this.orders.stats(), ledger: this.ledger.totals };
  }
}
