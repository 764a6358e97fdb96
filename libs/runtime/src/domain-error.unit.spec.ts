import { describe, expect, it } from '@jest/globals';

import { DomainError } from './domain-error.js';

describe('a domain error', () => {
  it('is a refusal by a rule unless it says otherwise', () => {
    const error = new DomainError('SOLD_OUT', 'no unit is left');
    expect(error).toMatchObject({ code: 'SOLD_OUT', kind: 'failed-precondition', metadata: {}, violations: [] });
    expect(error.retryAfterMs).toBeUndefined();
  });

  it('keeps its cause for the log', () => {
    const cause = new Error('socket closed');
    expect(new DomainError('UNREACHABLE', 'try later', { kind: 'unavailable', cause }).cause).toBe(cause);
  });
});
