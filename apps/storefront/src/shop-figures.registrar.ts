import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Figures } from '@rookery/service-kit';
import { Metrics } from '@rookery/telemetry';
import { HOT } from './goods.js';
import { Ledger } from './ledger/ledger.js';
import { OrderTally } from './order-tally.js';
import { Restocking } from './restocking.js';
import { Tally, WAYS } from './tally.js';

/** Puts on /metrics how the shoppers fare, and among the figures what became of all orders. */
@Injectable()
export class ShopFiguresRegistrar implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly figures: Figures,
    private readonly tally: Tally,
    private readonly orders: OrderTally,
    private readonly restocking: Restocking,
    private readonly ledger: Ledger,
  ) {}

  onModuleInit(): void {
    this.registerShoppers();
    this.metrics.registerCounter({
      name: 'rookery_storefront_orders_total',
      help: 'Orders by what became of them; those that are still open are not counted.',
      labels: ['outcome'],
      read: () => this.orderOutcomes(),
    });
    this.metrics.registerCounter({
      name: 'rookery_storefront_units_received_total',
      help: 'Units that were received because the stock ran low.',
      read: () => this.restocking.unitsReceived,
    });
    this.addFigures();
  }

  private registerShoppers(): void {
    this.metrics.registerCounter({
      name: 'rookery_storefront_shoppers_total',
      help: 'Shoppers that left the shop, by the way they took and how they fared.',
      labels: ['way', 'outcome'],
      read: () =>
        WAYS.flatMap((way) =>
          [...this.tally.outcomes(way)].map(([outcome, value]) => ({ labels: { way, outcome }, value })),
        ),
    });
    this.metrics.registerCounter({
      name: 'rookery_storefront_turned_away_total',
      help: 'Shoppers that found the shop full.',
      read: () => this.tally.turnedAway,
    });
    this.metrics.registerGauge({
      name: 'rookery_storefront_shoppers',
      help: 'Shoppers that wait for an answer, or for the end of their order.',
      read: () => this.tally.inFlight,
    });
  }

  private orderOutcomes(): { readonly labels: { readonly outcome: string }; readonly value: number }[] {
    const { confirmed, soldOut, declined, cancelled, otherwise, unknown } = this.orders.stats();
    const outcomes = { confirmed, sold_out: soldOut, declined, cancelled, otherwise, unknown };
    return Object.entries(outcomes).map(([outcome, value]) => ({ labels: { outcome }, value }));
  }

  private addFigures(): void {
    const { figures, ledger } = this;
    figures.add('orders placed', () => ledger.totals.placed);
    figures.add('confirmed', () => ledger.totals.confirmed);
    figures.add('rejected for lack of stock', () => ledger.totals.soldOut);
    figures.add('cancelled for declined cards', () => ledger.totals.declined);
    figures.add('cancelled by customers', () => ledger.totals.cancelled);
    figures.add('cancelled otherwise', () => ledger.totals.otherwise);
    figures.add('open', () => ledger.totals.open);
    figures.add('units sold', () => sumOf(Object.values(ledger.totals.unitsSold)));
    figures.add(`units of ${HOT.sku} sold`, () => ledger.totals.unitsSold[HOT.sku] ?? 0);
    figures.add('units received', () => sumOf(Object.values(ledger.totals.unitsReceived)));
  }
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
