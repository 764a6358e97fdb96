import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ShopClient } from './shop.client.js';

/** What the shoppers were told. */
export interface SaleTally {
  /** Ids of orders that were answered with 2xx. */
  readonly accepted: ReadonlySet<string>;
  sent: number;
  failedCalls: number;
  confirmed: number;
  cancelled: number;
}

export interface SalePlan {
  readonly sku: string;
  readonly orders: number;
  readonly shoppers: number;
  readonly isMixed: boolean;
  /** Whether something is still to go wrong, so that the sale shall go on. */
  readonly isUneventful: () => boolean;
  readonly random: () => number;
}

const FIRST_LOOK_MS = 40;
const LONGEST_LOOK_MS = 1000;
const RETRY_MS = 100;
/** Nobody's order takes so long unless it is lost. */
const ORDER_LIMIT_MS = 180_000;

/** Many shoppers who each order one unit after the other, until all is sold and enough was ordered. */
export class Sale {
  private readonly accepted = new Set<string>();
  readonly tally: SaleTally;
  private isSoldOut = false;

  constructor(
    private readonly shop: ShopClient,
    private readonly plan: SalePlan,
  ) {
    this.tally = { accepted: this.accepted, sent: 0, failedCalls: 0, confirmed: 0, cancelled: 0 };
  }

  async run(): Promise<void> {
    const { shoppers } = this.plan;
    await Promise.all(Array.from({ length: shoppers }, () => this.shopUntilSoldOut()));
  }

  private async shopUntilSoldOut(): Promise<void> {
    while (this.tally.sent < this.plan.orders || !this.plan.isUneventful() || !this.isSoldOut) {
      this.tally.sent++;
      const status = await this.buyOne();
      if (status !== 'ORDER_STATUS_CANCELLED') continue;
      const stock = await this.shop.stock(this.plan.sku);
      this.isSoldOut = stock?.available === 0 && stock.reserved === 0;
    }
  }

  /** How the order ended. */
  private async buyOne(): Promise<string> {
    const orderId = randomUUID();
    const card = this.card();
    await this.place(orderId, card);
    if (this.plan.isMixed && this.plan.random() < 0.1) await this.shop.post(`/v1/orders/${orderId}:cancel`, {});
    const status = await this.ended(orderId);
    if (status === 'ORDER_STATUS_CONFIRMED') this.tally.confirmed++;
    else this.tally.cancelled++;
    return status;
  }

  private card(): string {
    const chance = this.plan.random();
    if (!this.plan.isMixed || chance > 0.2) return 'tok_ok';
    if (chance > 0.1) return 'tok_declined';
    return chance > 0.05 ? 'tok_timeout_once' : 'tok_capture_declined';
  }

  /** Sends the order until it is known to be there: its id makes the repeats harmless. */
  private async place(orderId: string, card: string): Promise<void> {
    const lines = [{ sku: this.plan.sku, quantity: 1 }];
    const endsAt = performance.now() + ORDER_LIMIT_MS;
    while (performance.now() < endsAt) {
      const { body, status } = await this.shop.post('/v1/orders', { orderId, lines, currency: 'EUR', card }, orderId);
      if (status >= 200 && status < 300) return void this.accepted.add(orderId);
      this.tally.failedCalls++;
      if (status >= 400 && status < 500 && status !== 409 && status !== 429) {
        throw new Error(`an order was refused with ${status}: ${JSON.stringify(body)}`);
      }
      await pause(RETRY_MS);
    }
    throw new Error(`order ${orderId} could not be placed within ${ORDER_LIMIT_MS / 1000} s`);
  }

  private async ended(orderId: string): Promise<string> {
    const endsAt = performance.now() + ORDER_LIMIT_MS;
    for (let lookMs = FIRST_LOOK_MS; performance.now() < endsAt; lookMs = Math.min(lookMs * 1.5, LONGEST_LOOK_MS)) {
      await pause(lookMs);
      const order = await this.shop.order(orderId);
      if (order === undefined) this.tally.failedCalls++;
      else if (ENDS.has(order.status)) return order.status;
    }
    throw new Error(`order ${orderId} has not ended within ${ORDER_LIMIT_MS / 1000} s`);
  }
}

const ENDS = new Set(['ORDER_STATUS_CONFIRMED', 'ORDER_STATUS_CANCELLED']);
