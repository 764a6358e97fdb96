import type { orders, pricing } from '@rookery/contracts/messages';
import type { Random } from '@rookery/runtime';
import { ALL_GOODS, type Goods, HOT, USUAL } from './goods.js';
import { newUuid } from './uuid.js';

const CURRENCIES = ['EUR', 'EUR', 'EUR', 'USD', 'GBP', 'JPY'];
/** Share of the buyers that wants one unit of what is scarce. */
const HOT_SHARE = 0.5;
/** Cards of the simulated provider, and how many in a hundred buyers have each; the rest has a good one. */
const CARDS: readonly (readonly [card: string, inHundred: number])[] = [
  ['tok_declined', 5],
  ['tok_insufficient_funds', 3],
  ['tok_capture_declined', 1],
  ['tok_timeout_once', 1],
  ['tok_duplicate', 2],
  ['tok_slow', 2],
];

/** What one shopper wants a price for: one to three articles, a few of each. */
export function fillBasket(random: Random): pricing.QuotePriceRequest {
  const lines = Array.from({ length: 1 + random.int(3) }, () => ({
    sku: one(ALL_GOODS, random)?.sku ?? '',
    quantity: 1 + random.int(5),
  }));
  return { currency: one(CURRENCIES, random) ?? '', lines };
}

/** What one buyer orders at `now`: the scarce article, or one or two of the others. */
export function fillOrder(random: Random, now: number): orders.PlaceOrderRequest {
  const lines =
    random.next() < HOT_SHARE
      ? [{ sku: HOT.sku, quantity: 1 }]
      : someOf(USUAL, 1 + random.int(2), random).map(({ sku }) => ({ sku, quantity: 1 + random.int(2) }));
  return { orderId: newUuid(now, random), currency: one(CURRENCIES, random) ?? '', lines, card: takeCard(random) };
}

/** Different ones, for a SKU stands in an order once. */
function someOf(goods: readonly Goods[], count: number, random: Random): readonly Goods[] {
  const first = random.int(goods.length);
  return Array.from({ length: count }, (_, index) => goods[(first + index) % goods.length]).filter(
    (each) => each !== undefined,
  );
}

function takeCard(random: Random): string {
  let drawn = random.int(100);
  for (const [card, inHundred] of CARDS) {
    if (drawn < inHundred) return card;
    drawn -= inHundred;
  }
  return 'tok_ok';
}

function one<T>(list: readonly T[], random: Random): T | undefined {
  return list[random.int(list.length)];
}
