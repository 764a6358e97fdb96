import { describe, expect, it } from '@jest/globals';
import { Tally } from './tally.js';

describe('Tally', () => {
  it('counts by way and outcome', () => {
    const tally = new Tally();
    for (const outcome of ['ok', 'ok', 'unavailable'] as const) {
      tally.came();
      tally.left('direct', outcome);
    }
    tally.came();
    tally.turnAway();
    expect(tally.stats()).toEqual({
      total: { calls: 3, errors: 1 },
      inFlight: 1,
      turnedAway: 1,
      ways: {
        gateway: { calls: 0, errors: 0, outcomes: {} },
        direct: { calls: 3, errors: 1, outcomes: { ok: 2, unavailable: 1 } },
      },
    });
  });
});
