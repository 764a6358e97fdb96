import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Figures } from '@rookery/service-kit';
import { Metrics } from '@rookery/telemetry';
import { OrderTally } from './order-tally.js';
import { Restocking } from './restocking.js';
import { Tally, WAYS } from './tally.js';

/** Puts on /metrics how the shoppers fare, and among the figures what became of orders. */
@Injectable()
export class ShopFiguresRegistrar implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly figures: Figures,
    private readonly tally: Tally,
    private readonly orders: OrderTally,
    private readonly restocking: Restocking,
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
    this.figures.add('orders placed', () => this.orders.stats().placed);
    this.figures.add('confirmed', () => this.orders.stats().confirmed);
    this.figures.add('rejected for lack of stock', () => this.orders.stats().soldOut);
    this.figures.add('cancelled for declined cards', () => this.orders.stats().declined);
    this.figures.add('cancelled by customers', () => this.orders.stats().cancelled);
    this.figures.add('cancelled otherwise', () => this.orders.stats().otherwise);
    this.figures.add('open', () => this.orders.stats().open);
    this.figures.add('units received', () => this.restocking.unitsReceived);
  }
}
