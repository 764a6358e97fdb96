import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@rookery/runtime/testing';
import fc from 'fast-check';
import { fullJitter } from './back-off.js';

const options = { baseMs: 25, capMs: 250 };

describe('fullJitter', () => {
  it('doubles its ceiling up to the cap', () => {
    const random = new SeededRandom(1);
    const ceilings = [1, 2, 3, 4, 5, 50].map((attempt) =>
      Math.max(...Array.from({ length: 2000 }, () => fullJitter(attempt, options, random))),
    );
    expect(ceilings.map(Math.ceil)).toEqual([25, 50, 100, 200, 250, 250]);
  });

  it('stays between 0 and the cap for any attempt', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), fc.nat(100_000), fc.nat(100_000), (attempt, seed, baseMs, capMs) => {
        const pause = fullJitter(attempt, { baseMs, capMs }, new SeededRandom(seed));
        expect(pause).toBeGreaterThanOrEqual(0);
        expect(pause).toBeLessThanOrEqual(capMs);
      }),
    );
  });
});
