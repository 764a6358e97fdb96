import { beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import type { StorefrontConfig } from './app.config.js';
import { Buyers } from './buyers.js';
import type { OrderEnd } from './order-end.mapper.js';
import { OrderTally } from './order-tally.js';
import type { Shop } from './shop.port.js';

const down = () => new DomainError('OUT', 'out of order', { kind: 'unavailable' });
const sealed = () => new DomainError('ORDER_SEALED', 'too late');

/** Fails with each of the given errors once, one after the other, and then does what it should. */
class FakedShop implements Shop {
  readonly asked: string[] = [];
  readonly troubles: (DomainError | undefined)[] = [];
  end: OrderEnd = 'confirmed';
  private ids = new Set<string>();

  quote(): Promise<void> {
    return this.answer('quote');
  }

  place({ orderId }: { readonly orderId: string }): Promise<void> {
    this.ids.add(orderId);
    return this.answer('place');
  }

  cancel(orderId: string): Promise<void> {
    this.ids.add(orderId);
    return this.answer('cancel');
  }

  async follow(orderId: string): Promise<OrderEnd> {
    this.ids.add(orderId);
    await this.answer('follow');
    return this.end;
  }

  get orderCount(): number {
    return this.ids.size;
  }

  private answer(what: string): Promise<void> {
    this.asked.push(what);
    const trouble = this.troubles.shift();
    return trouble === undefined ? Promise.resolve() : Promise.reject(trouble);
  }
}

let shop: FakedShop;
let time: VirtualTime;
let tally: OrderTally;
let leaving: AbortController;

beforeEach(() => {
  shop = new FakedShop();
  time = new VirtualTime();
  tally = new OrderTally();
  leaving = new AbortController();
});

/** One visit, of a buyer who thinks better of it or not. Resolves with the code of the error that ended it, if one did. */
async function visit({ regrets = false } = {}): Promise<string | undefined> {
  const random = new SeededRandom(1);
  const next = random.next.bind(random);
  // The last throw of a visit is the one that decides about regret; what is ordered does not matter here.
  random.next = () => (tally.stats().placed > 0 ? Number(!regrets) * 0.99 : next());
  const config = { BUYER_PATIENCE_MS: 10_000 } as StorefrontConfig;
  const open = { isOpen: true, hasOpened: true } as never;
  const buyers = new Buyers(config, open, open, tally, time.clock, random, time);
  const seen: { isOver: boolean; code?: string } = { isOver: false };
  void buyers
    .buy(shop, leaving.signal)
    .catch((error: unknown) => (seen.code = (error as DomainError).code))
    .finally(() => (seen.isOver = true));
  for (let turn = 0; turn < 200 && !seen.isOver; turn++) {
    for (let step = 0; step < 10; step++) await Promise.resolve();
    time.advance(100);
  }
  expect(seen.isOver).toBe(true);
  return seen.code;
}

describe('a buyer', () => {
  it.each<OrderEnd>(['confirmed', 'soldOut', 'declined', 'cancelled', 'otherwise'])(
    'sees an order end %s',
    async (end) => {
      shop.end = end;
      expect(await visit()).toBeUndefined();
      expect(shop.asked).toEqual(['place', 'follow']);
      expect(tally.stats()).toMatchObject({ placed: 1, [end]: 1, open: 0, unknown: 0 });
    },
  );

  it('asks again under the same id while nobody answers', async () => {
    shop.troubles.push(down(), down(), undefined, down());
    expect(await visit()).toBeUndefined();
    expect(shop.asked).toEqual(['place', 'place', 'place', 'follow', 'follow']);
    expect(shop.orderCount).toBe(1);
    expect(tally.stats()).toMatchObject({ placed: 1, confirmed: 1 });
  });

  it('gives up when nobody answers for too long, and counts no order', async () => {
    shop.troubles.push(...Array.from({ length: 50 }, down));
    expect(await visit()).toBe('OUT');
    expect(tally.stats()).toMatchObject({ placed: 0, open: 0, unknown: 0 });
  });

  it('does not insist where the answer is no', async () => {
    shop.troubles.push(new DomainError('ORDER_ID_TAKEN', 'taken', { kind: 'already-exists' }));
    expect(await visit()).toBe('ORDER_ID_TAKEN');
    expect(shop.asked).toEqual(['place']);
  });

  it('may cancel at once, and sees what comes of it', async () => {
    shop.end = 'cancelled';
    expect(await visit({ regrets: true })).toBeUndefined();
    expect(shop.asked).toEqual(['place', 'cancel', 'follow']);
    expect(tally.stats()).toMatchObject({ placed: 1, cancelled: 1 });
  });

  it('takes the order when it is too late to cancel', async () => {
    shop.troubles.push(undefined, sealed());
    expect(await visit({ regrets: true })).toBeUndefined();
    expect(tally.stats()).toMatchObject({ placed: 1, confirmed: 1 });
  });

  it('leaves when the shop closes, without an error', async () => {
    shop.troubles.push(undefined, ...Array.from({ length: 50 }, down));
    const visiting = visit();
    leaving.abort();
    expect(await visiting).toBeUndefined();
    expect(tally.stats()).toMatchObject({ placed: 1, open: 0, unknown: 1 });
  });
});
