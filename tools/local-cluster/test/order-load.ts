import { randomUUID } from 'node:crypto';
import { until } from '@rookery/testkit';
import type { ClusterDescription } from '../src/cluster-file.js';
import { PATIENCE_MS } from './running-cluster.js';

const SHOPPERS = 8;
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
  private isAbandoned = false;
  private ended = 0;
  private sent = 0;
  private said = 'nothing';
  private problem: Error | undefined;

  constructor(private readonly cluster: ClusterDescription) {
    this.shoppers = Array.from({ length: SHOPPERS }, () =>
      this.shop().catch((error: Error) => void (this.problem ??= error)),
    );
  }

  /** Resolves when so many more orders have ended. */
  async untilEnded(count: number): Promise<void> {
    const enough = this.ended + count;
    const isEnough = (): boolean => {
      if (this.problem !== undefined) throw this.problem;
      return this.ended >= enough;
    };
    await until(this.told(`${count} more orders have ended`), isEnough, PATIENCE_MS);
  }

  /** Resolves when the orders that were placed have ended. */
  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.shoppers);
    if (this.problem !== undefined) throw this.problem;
  }

  /** The shoppers go away, whatever becomes of their orders. */
  async abandon(): Promise<void> {
    this.isAbandoned = true;
    this.isOver = true;
    await Promise.all(this.shoppers);
  }

  private async shop(): Promise<void> {
    while (!this.isOver) {
      const { card, sku } = WISHES[this.sent++ % WISHES.length] ?? { card: '', sku: '' };
      const orderId = randomUUID();
      const order = { orderId, card, currency: 'EUR', lines: [{ sku, quantity: 1 + (this.sent % 3) }] };
      await this.insist(`${orderId} is placed`, async () => (await this.ask('/v1/orders', order)) !== undefined);
      await this.insist(`${orderId} has ended`, async () => ENDS.has((await this.ask(`/v1/orders/${orderId}`)) ?? ''));
      this.ended++;
    }
  }

  private insist(what: string, isSo: () => Promise<boolean>): Promise<void> {
    return until(this.told(what), async () => this.isAbandoned || (await isSo()), PATIENCE_MS);
  }

  private told(what: string): () => string {
    return () => `${what}; the gateway said last: ${this.said}`;
  }

  /** The status of the order; undefined when there was no answer, or none that says so. */
  private async ask(path: string, order?: object): Promise<string | undefined> {
    const headers = { authorization: `Bearer ${this.cluster.token}`, 'content-type': 'application/json' };
    const body = order === undefined ? {} : { method: 'POST', body: JSON.stringify(order) };
    try {
      const response = await fetch(`${this.cluster.gateway}${path}`, { ...body, headers });
      const text = await response.text();
      this.said = `${response.status} ${text}`;
      return (JSON.parse(text) as { readonly order?: { readonly status: string } }).order?.status;
    } catch (error) {
      this.said = String(error);
      return undefined; // Nobody has answered, which is what the caller asks again for.
    }
  }
}
