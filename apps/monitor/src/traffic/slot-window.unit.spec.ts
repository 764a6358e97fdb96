import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SlotWindow } from './slot-window.js';
import { Tally } from './tally.js';

const calls = (count: number) => Tally.of({ codes: [[0, count]], buckets: [], sumMicros: 0, maxInFlight: 0 });

describe('SlotWindow', () => {
  it('sums what a list of all records would, whatever the order', () => {
    const records = fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 9 })), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(records, fc.integer({ min: 1, max: 60 }), (list, seconds) => {
        const window = new SlotWindow();
        for (const [second, count] of list) window.record(second, calls(count));
        const newest = Math.max(-1, ...list.map(([second]) => second));
        const expected = list
          .filter(([second]) => second > newest - seconds)
          .reduce((sum, [, count]) => sum + count, 0);
        expect(window.sum(newest, seconds).calls).toBe(expected);
      }),
    );
  });

  it('ignores what is older than its memory and what came before `since`', () => {
    const window = new SlotWindow();
    window.record(100, calls(1));
    window.record(40, calls(7));
    window.record(98, calls(2));
    expect(window.sum(100, 60).calls).toBe(3);
    expect(window.sum(100, 60, 99).calls).toBe(1);
    expect(window.callsIn(98)).toBe(2);
    expect(window.callsIn(97)).toBe(0);
  });
});
