import { describe, expect, it } from '@jest/globals';
import { availableIn, type Books, booksSince, isAtRest, type OrderEnds } from './books.js';

const confirmed: OrderEnds = { confirmed: 1, cancelled: 0 };
const open: OrderEnds = { confirmed: 0, cancelled: 0 };

/** Of a sale before, which was interrupted with three units left. */
const before: Books = { received: 5, sold: 2, reserved: 0, orders: new Map([['a', confirmed]]), captured: ['a'] };

describe('the books of a sale', () => {
  it('begin with what was left, and leave out what was sold before', () => {
    const orders = new Map([...before.orders, ['b', confirmed] as const]);
    const now: Books = { received: 9, sold: 3, reserved: 1, orders, captured: ['a', 'b'] };
    const since = booksSince(before, now);
    expect(since).toEqual({
      ...{ received: 7, sold: 1, reserved: 1, captured: ['b'] },
      orders: new Map([['b', confirmed]]),
    });
    expect(availableIn(since)).toBe(availableIn(now));
  });

  it('are at rest when every order has ended and nothing is reserved', () => {
    expect(isAtRest(before)).toBe(true);
    expect(isAtRest({ ...before, reserved: 1 })).toBe(false);
    expect(isAtRest({ ...before, orders: new Map([['b', open]]) })).toBe(false);
  });
});
