import { Injectable } from '@nestjs/common';
import type { orders } from '@rookery/contracts/messages';
import { Clock, DomainError, type ErrorKind, pause, Random, Scheduler } from '@rookery/runtime';
import { StorefrontConfig } from './app.config.js';
import { fillOrder } from './basket.js';
import { OrderTally } from './order-tally.js';
import { Restocking } from './restocking.js';
import { Sale } from './sale.js';
import type { Shop } from './shop.port.js';

/** Share of the buyers that think better of it at once. */
const REGRET_SHARE = 0.04;
const ASK_AGAIN_MS = 500;
/** Refusals that stay as they are, however often one asks. */
const FINAL: ReadonlySet<ErrorKind> = new Set([
  'invalid-argument',
  'failed-precondition',
  'already-exists',
  'permission-denied',
  'unauthenticated',
  'out-of-range',
  'unimplemented',
]);

/** Those who buy: each places an order, some cancel it at once, and all stay until it is over or their patience is. */
@Injectable()
export class Buyers {
  constructor(
    private readonly config: StorefrontConfig,
    private readonly sale: Sale,
    private readonly restocking: Restocking,
    private readonly tally: OrderTally,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly scheduler: Scheduler,
  ) {}

  /** There is a sale, and something on the shelves. */
  get canBuy(): boolean {
    return this.sale.isOpen && this.restocking.hasOpened;
  }

  /** One visit. Rejects when the order could not be placed, or its end not be learnt; not when `leaving` ended the visit. */
  async buy(shop: Shop, leaving: AbortSignal): Promise<void> {
    const order = fillOrder(this.random, this.clock.now());
    const patience = this.clock.monotonic() + this.config.BUYER_PATIENCE_MS;
    const patiently = <T>(ask: () => Promise<T>): Promise<T> => this.untilAnswered(ask, patience, leaving);
    try {
      await patiently(() => shop.place(order));
    } catch (error) {
      if (leaving.aborted) return;
      throw error;
    }
    this.tally.wasPlaced();
    try {
      if (this.random.next() < REGRET_SHARE) await patiently(() => cancel(shop, order));
      this.tally.ended(await patiently(() => shop.follow(order.orderId, leaving)));
    } catch (error) {
      this.tally.lost();
      if (!leaving.aborted) throw error;
    }
  }

  /** Asks again, as people do. Nothing is done twice by it: an order has its id before it is placed. */
  private async untilAnswered<T>(ask: () => Promise<T>, patience: number, leaving: AbortSignal): Promise<T> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (leaving.aborted || isFinal(error) || this.clock.monotonic() >= patience) throw error;
      }
      await pause(this.scheduler, ASK_AGAIN_MS, leaving);
    }
  }
}

async function cancel(shop: Shop, { orderId }: orders.PlaceOrderRequest): Promise<void> {
  try {
    await shop.cancel(orderId);
  } catch (error) {
    // Too late: the order goes on, and its buyer with it.
    if (!(error instanceof DomainError) || error.code !== 'ORDER_SEALED') throw error;
  }
}

function isFinal(error: unknown): boolean {
  return error instanceof DomainError && FINAL.has(error.kind);
}
