import { Controller, Get } from '@nestjs/common';
import { Metrics } from '@rookery/telemetry';
import { type ShopStats, Tally, WAYS } from './tally.js';

/** How the shoppers fare, for people (`/stats`) and for Prometheus. */
@Controller()
export class ShopHttpController {
  constructor(
    private readonly tally: Tally,
    metrics: Metrics,
  ) {
    metrics.registerCounter({
      name: 'rookery_storefront_shoppers_total',
      help: 'Shoppers that left the shop, by the way they took and how they fared.',
      labels: ['way', 'outcome'],
      read: () =>
        WAYS.flatMap((way) =>
          [...tally.outcomes(way)].map(([outcome, value]) => ({ labels: { way, outcome }, value })),
        ),
    });
    metrics.registerCounter({
      name: 'rookery_storefront_turned_away_total',
      help: 'Shoppers that found the shop full.',
      read: () => tally.turnedAway,
    });
    metrics.registerGauge({
      name: 'rookery_storefront_shoppers',
      help: 'Shoppers that wait for an answer.',
      read: () => tally.inFlight,
    });
  }

  @Get('stats')
  stats(): ShopStats {
    return this.tally.stats();
  }
}
