import { describe, expect, it } from '@jest/globals';
import { toOrderEnd } from './order-end.mapper.js';

describe('toOrderEnd', () => {
  it.each([
    ['ORDER_STATUS_PLACED', undefined, undefined],
    ['ORDER_STATUS_SEALED', undefined, undefined],
    [undefined, undefined, undefined],
    ['ORDER_STATUS_CONFIRMED', 'CANCEL_REASON_UNSPECIFIED', 'confirmed'],
    ['ORDER_STATUS_CANCELLED', 'CANCEL_REASON_OUT_OF_STOCK', 'soldOut'],
    ['ORDER_STATUS_CANCELLED', 'CANCEL_REASON_PAYMENT_DECLINED', 'declined'],
    ['ORDER_STATUS_CANCELLED', 'CANCEL_REASON_CUSTOMER', 'cancelled'],
    ['ORDER_STATUS_CANCELLED', 'CANCEL_REASON_TIMED_OUT', 'otherwise'],
    ['ORDER_STATUS_CANCELLED', undefined, 'otherwise'],
  ])('makes %s, %s into %s', (status, reason, end) => {
    expect(toOrderEnd(status, reason)).toBe(end);
  });
});
