import { describe, expect, it } from '@jest/globals';
import { behaviourOf } from './test-cards.js';

describe('the test cards', () => {
  it('approve, decline, or leave it open', () => {
    expect(behaviourOf('tok_ok').authorisation).toEqual({});
    expect(behaviourOf('tok_insufficient_funds').authorisation.declineReason).toBe('insufficient_funds');
    expect(behaviourOf('tok_capture_declined')).toMatchObject({
      authorisation: {},
      capture: { declineReason: 'capture_declined' },
    });
    expect(behaviourOf('tok_timeout').authorisation.silentTimes).toBe(Infinity);
  });

  it('that nobody knows are declined', () => {
    expect(behaviourOf('tok_of_nobody').authorisation.declineReason).toBe('unknown_card');
  });
});
