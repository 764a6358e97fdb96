import { describe, expect, it } from '@jest/globals';
import { audit } from './audit.js';
import type { Books, OrderEnds } from './books.js';

const confirmed: OrderEnds = { confirmed: 1, cancelled: 0 };
const cancelled: OrderEnds = { confirmed: 0, cancelled: 1 };

const good: Books = {
  ...{ received: 2, sold: 2, reserved: 0, captured: ['a', 'b'] },
  orders: new Map([
    ['a', confirmed],
    ['b', confirmed],
    ['c', cancelled],
  ]),
};

const withOrder = (id: string, end: OrderEnds): Books => ({ ...good, orders: new Map([...good.orders, [id, end]]) });
const accepted = new Set(['a', 'c']);

describe('the audit of a sale', () => {
  it('has nothing to say when everything adds up', () => {
    expect(audit(good, 2, accepted)).toEqual([]);
  });

  it.each<[string, Books, string]>([
    ['a unit that was sold twice', { ...good, sold: 3 }, '1 units more were sold'],
    ['a unit that was not sold', { ...good, sold: 1 }, '1 of 2 units were sold'],
    ['a unit that is reserved for ever', { ...good, sold: 1, reserved: 1 }, '1 units are still reserved'],
    ['a delivery that was counted twice', { ...good, received: 4 }, '4 units were received instead of 2'],
    ['a customer who paid twice', { ...good, captured: ['a', 'b', 'b'] }, '1 payments were captured more than once'],
    ['a customer who paid for nothing', { ...good, captured: ['a', 'b', 'c'] }, 'is paid and not confirmed, such as c'],
    ['goods for nothing', { ...good, captured: ['a'] }, 'is confirmed and not paid, such as b'],
    [
      'an order that ended twice',
      withOrder('d', { confirmed: 1, cancelled: 1 }),
      'has ended more than once, such as d',
    ],
    ['an order that has not ended', withOrder('d', { confirmed: 0, cancelled: 0 }), 'has not ended, such as d'],
  ])('finds %s', (_what, books, sentence) => {
    expect(audit(books, 2, accepted).join('\n')).toContain(sentence);
  });

  it('finds an order that was accepted and is gone', () => {
    expect(audit(good, 2, new Set(['a', 'x']))).toEqual([
      '1 orders: was accepted and is not in the database, such as x',
    ]);
  });
});
