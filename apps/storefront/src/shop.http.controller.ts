import { Controller, Get } from '@nestjs/common';
import { type OrderStats, OrderTally } from './order-tally.js';
import { type ShopStats, Tally } from './tally.js';

/** How the shoppers fare, for scripts. */
@Controller()
export class ShopHttpController {
  constructor(
    private readonly tally: Tally,
    private readonly orders: OrderTally,
  ) {}

  @Get('stats')
  stats(): ShopStats & { readonly orders: OrderStats } {
    return { ...this.tally.stats(), orders: this.orders.stats() };
  }
}
