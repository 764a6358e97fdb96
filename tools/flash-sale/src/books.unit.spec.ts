import { describe, expect, it } from '@jest/globals';
import { areAtRest, type Books, booksSince, type OrderEnds } from './books.js';

const confirmed: OrderEnds = { confirmed: 1, cancelled: 0 };
const open: OrderEnds = { confirmed: 0, cancelled: 0 };

/** Ten units came, and all but three were sold: one in an order, the others before anybody counted. */
const before: Books = { received: 10, sold: 7, reserved: 0, orders: new Map([['a', confirmed]]), captured: ['a'] };

describe('the books of a sale', () => {
  it('leave out what earlier sales did', () => {
    const orders = new Map([...before.orders, ['b', confirmed], ['c', open]] as const);
    const after: Books = { received: 12, sold: 8, reserved: 1, orders, captured: ['a', 'b', 'b'] };
    expect(booksSince(before, after)).toEqual({
      received: 5,
      sold: 1,
      reserved: 1,
      orders: new Map([
        ['b', confirmed],
        ['c', open],
      ]),
      captured: ['b', 'b'],
    });
  });

  it('do not hide that an unsold unit of an earlier sale is gone', () => {
    expect(booksSince(before, { ...before, sold: 8 })).toMatchObject({ received: 3, sold: 1 });
  });

  it.each<[string, Books, boolean]>([
    ['where every order has ended', before, true],
    ['while a unit is reserved', { ...before, reserved: 1 }, false],
    ['while an order is open', { ...before, orders: new Map([['b', open]]) }, false],
  ])('are at rest or not %s', (_when, books, expected) => {
    expect(areAtRest(books)).toBe(expected);
  });
});
