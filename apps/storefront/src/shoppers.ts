import { setMaxListeners } from 'node:events';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { type Cancellable, Clock, DomainError, pause, Random, Scheduler } from '@rookery/runtime';
import { Drain, Readiness, type Requirement } from '@rookery/service-kit';
import { StorefrontConfig } from './app.config.js';
import { Arrivals } from './arrivals.js';
import { fillBasket } from './basket.js';
import { Buyers } from './buyers.js';
import { DirectClient } from './direct.client.js';
import { GatewayClient } from './gateway.client.js';
import { type ShopperOutcome, Tally, type Way } from './tally.js';

const TRY_EVERY_MS = 100;
const SAY_EVERY_MS = 10_000;

/**
 * Sends shoppers through the shop. It opens when each way has answered once, and closes when the service stops: who waits for
 * the end of an order then leaves. They ask for prices, and some buy while there is a sale.
 */
@Injectable()
export class Shoppers implements OnApplicationBootstrap {
  private readonly logger = new Logger(Shoppers.name);
  private readonly arrivals: Arrivals;
  private readonly opened: Requirement;
  private readonly closing = new AbortController();
  private saying: Cancellable | undefined;

  constructor(
    private readonly config: StorefrontConfig,
    private readonly gateway: GatewayClient,
    private readonly direct: DirectClient,
    private readonly buyers: Buyers,
    private readonly tally: Tally,
    private readonly random: Random,
    private readonly scheduler: Scheduler,
    clock: Clock,
    readiness: Readiness,
    drain: Drain,
  ) {
    setMaxListeners(config.MAX_SHOPPERS * 2, this.closing.signal); // Each buyer listens.
    this.arrivals = new Arrivals(config.SHOPPERS_PER_SECOND, () => this.arrive(), clock, random, scheduler);
    this.opened = readiness.require('each way to a quote has answered once');
    drain.add({ name: 'shoppers', stop: () => this.close(), inFlight: () => this.tally.inFlight });
  }

  onApplicationBootstrap(): void {
    void this.open();
  }

  private async open(): Promise<void> {
    const { GATEWAY_SHARE } = this.config;
    if (GATEWAY_SHARE > 0) await this.untilAnswered('gateway');
    if (GATEWAY_SHARE < 1) await this.untilAnswered('direct');
    if (this.closing.signal.aborted) return;
    this.opened.met();
    this.arrivals.start();
    this.saying = this.scheduler.interval(SAY_EVERY_MS, () =>
      this.logger.log('shoppers served since the start', this.tally.stats().total),
    );
  }

  private async untilAnswered(way: Way): Promise<void> {
    while (!this.closing.signal.aborted && (await this.quote(way)) !== 'ok') {
      await pause(this.scheduler, TRY_EVERY_MS, this.closing.signal);
    }
  }

  private close(): void {
    this.closing.abort();
    this.arrivals.stop();
    this.saying?.cancel();
  }

  private arrive(): void {
    if (this.tally.inFlight >= this.config.MAX_SHOPPERS) return this.tally.turnAway();
    const way: Way = this.random.next() < this.config.GATEWAY_SHARE ? 'gateway' : 'direct';
    this.tally.came();
    const visit = this.buyers.canBuy && this.random.next() < this.config.BUYING_SHARE ? this.buy(way) : this.quote(way);
    void visit.then((outcome) => this.tally.left(way, outcome));
  }

  private quote(way: Way): Promise<ShopperOutcome> {
    return this.outcomeOf(this[way].quote(fillBasket(this.random)));
  }

  private buy(way: Way): Promise<ShopperOutcome> {
    return this.outcomeOf(this.buyers.buy(this[way], this.closing.signal));
  }

  private async outcomeOf(visit: Promise<void>): Promise<ShopperOutcome> {
    try {
      await visit;
      return 'ok';
    } catch (error) {
      this.logger.debug(error);
      return error instanceof DomainError ? error.kind : 'unknown';
    }
  }
}
