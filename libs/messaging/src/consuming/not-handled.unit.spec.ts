import { describe, expect, it } from '@jest/globals';
import type { messaging } from '@rookery/contracts/messages';
import { DomainError, type ErrorKind } from '@rookery/runtime';
import { notHandled } from './not-handled.js';

const event = { id: 'inventory/stock-tea@3', position: 3, type: 'StockReceived' } as messaging.FeedEvent;

function codeBy(code: string, kind: ErrorKind): string {
  return notHandled('consumer ledger', 2, event, new DomainError(code, 'so it is', { kind })).code;
}

describe('what a handler throws', () => {
  it('says nothing against the event when it may pass by itself: nobody has to act', () => {
    expect(codeBy('STORE_UNAVAILABLE', 'unavailable')).toBe('STORE_UNAVAILABLE');
    expect(codeBy('NO_PROVIDER', 'unavailable')).toBe('NO_PROVIDER');
    expect(codeBy('DEADLINE_EXCEEDED', 'deadline-exceeded')).toBe('DEADLINE_EXCEEDED');
  });

  it('stops its consumer at the event when it does not', () => {
    expect(codeBy('STORE_REFUSED', 'invalid-argument')).toBe('EVENT_NOT_HANDLED');
    expect(codeBy('UNKNOWN_SKU', 'not-found')).toBe('EVENT_NOT_HANDLED');
    const { message } = notHandled('consumer ledger', 2, event, new TypeError('amount is undefined'));
    expect(message).toMatch(/^consumer ledger, its checkpoint at 2, waits at position 3 .*: amount is undefined$/);
  });
});
