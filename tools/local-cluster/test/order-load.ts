import { randomUUID } from 'node:crypto';
import { until } from '@rookery/testkit';
import type { ClusterDescription } from '../src/cluster-file.js';

const SHOPPERS = 8;
const PATIENCE_MS = 60_000;
const ENDS = new Set(['ORDER_STATUS_CONFIRMED', 'ORDER_STATUS_CANCELLED']);
/** One after the other, so that orders end in all ways that shoppers can bring about. */
const WISHES = [
  { sku: 'tea', card: 'tok_ok' },
  { sku: 'mug', card: 'tok_ok' },
  { sku: 'tea', card: 'tok_declined' },
  { sku: 'unicorn', card: 'tok_ok' },
];

/** Shoppers who order through the gateway, one order after the other, and ask again until each is known to have ended. */
export class OrderLoad {
  private readonly shoppers: readonly Promise<void>[];
  private isOver = false;
  private ended = 0;
  private sent = 0;

  constructor(private readonly cluster: ClusterDescription) {
    this.shoppers = Array.from({ length: SHOPPERS }, () => this.shop());
  }

  /** Resolves when so many more orders have ended. */
  async untilEnded(count: number): Promise<void> {
    const enough = this.ended + count;
    await until(`${count} more orders have ended`, () => this.ended >= enough, PATIENCE_MS);
  }

  /** Resolves when the orders that were placed have ended. */
  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.shoppers);
  }

  private async shop(): Promise<void> {
    while (!this.isOver) {
      const { card, sku } = WISHES[this.sent++ % WISHES.length] ?? { card: '', sku: '' };
      const orderId = randomUUID();
      const order = { orderId, card, currency: 'EUR', lines: [{ sku, quantity: 1 + (this.sent % 3) }] };
      await until(`${orderId} is placed`, async () => (await this.ask('/v1/orders', order)) !== undefined, PATIENCE_MS);
      await until(
        `${orderId} has ended`,
        async () => ENDS.has((await this.ask(`/v1/orders/${orderId}`)) ?? ''),
        PATIENCE_MS,
      );
      this.ended++;
    }
  }

  /** The status of the order; undefined when there was no answer, or none that says so. */
  private async ask(path: string, order?: object): Promise<string | undefined> {
    const headers = { authorization: `Bearer ${this.cluster.token}`, 'content-type': 'application/json' };
    const body = order === undefined ? {} : { method: 'POST', body: JSON.stringify(order) };
    try {
      const response = await fetch(`${this.cluster.gateway}${path}`, { ...body, headers });
      const answer = (await response.json()) as { readonly order?: { readonly status: string } };
      return answer.order?.status;
    } catch {
      return undefined; // Nobody has answered, which is what the caller asks again for.
    }
  }
}
