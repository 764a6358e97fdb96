import type { pricing } from '@rookery/contracts/messages';
import type { Random } from '@rookery/runtime';

const ARTICLES = ['tea', 'coffee', 'mug', 'kettle', 'lamp', 'chair', 'desk'];
const CURRENCIES = ['EUR', 'EUR', 'EUR', 'USD', 'GBP', 'JPY'];

/** What one shopper wants a price for: one to three articles, a few of each. */
export function fillBasket(random: Random): pricing.QuotePriceRequest {
  const lines = Array.from({ length: 1 + random.int(3) }, () => ({
    sku: one(ARTICLES, random),
    quantity: 1 + random.int(5),
  }));
  return { currency: one(CURRENCIES, random), lines };
}

function one(list: readonly string[], random: Random): string {
  return list[random.int(list.length)] ?? '';
}
