import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@rookery/runtime/testing';
import { fillOrder } from './basket.js';
import { HOT } from './goods.js';

const orders = (() => {
  const random = new SeededRandom(7);
  return Array.from({ length: 2000 }, () => fillOrder(random, 1));
})();

describe('fillOrder', () => {
  it('names each SKU once, with a few units', () => {
    for (const { lines } of orders) {
      expect(new Set(lines.map(({ sku }) => sku)).size).toBe(lines.length);
      expect([1, 2]).toContain(lines.length);
      for (const { quantity } of lines) expect([1, 2]).toContain(quantity);
    }
  });

  it('wants one unit of the scarce article about every other time', () => {
    const hot = orders.filter(({ lines }) => lines.some(({ sku }) => sku === HOT.sku));
    expect(hot.length / orders.length).toBeCloseTo(0.5, 1);
    for (const { lines } of hot) expect(lines).toEqual([{ sku: HOT.sku, quantity: 1 }]);
  });

  it('is paid with a good card mostly, and with each of the bad ones now and then', () => {
    const shareOf = (card: string) => orders.filter((order) => order.card === card).length / orders.length;
    expect(shareOf('tok_ok')).toBeCloseTo(0.86, 1);
    for (const card of ['tok_declined', 'tok_insufficient_funds', 'tok_capture_declined']) {
      expect(shareOf(card)).toBeGreaterThan(0);
    }
  });
});
