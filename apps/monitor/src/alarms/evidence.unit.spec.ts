import { describe, expect, it } from '@jest/globals';
import { SlotWindow } from '../traffic/slot-window.js';
import { Tally } from '../traffic/tally.js';
import { chanceOfAtLeast, isBeyondChance } from './chance.js';
import { heldIn } from './stretch.js';

function tallyOf(ok: number, faults = 0, maxInFlight = 0): Tally {
  const codes = [
    [0, ok],
    [14, faults],
  ] as const;
  return Tally.of({ codes, buckets: [], sumMicros: 0, maxInFlight });
}

describe('chance', () => {
  it.each([
    [1, 0.1, 0.0951626],
    [3, 0.2, 0.0011485],
    [3, 5, 0.875348],
    [10, 0.001, 2.7e-37],
  ])('of %d or more where %d are expected', (count, expected, chance) => {
    expect(chanceOfAtLeast(count, expected) / chance).toBeCloseTo(1, 1);
  });

  it('tells faults that siblings do not have from those that they have too', () => {
    const faultsOf = (tally: Tally) => tally.faults;
    expect(isBeyondChance(4, 15, [tallyOf(600)], faultsOf)).toBe(true);
    expect(isBeyondChance(4, 15, [tallyOf(560, 40)], faultsOf)).toBe(false);
    expect(isBeyondChance(1, 15, [tallyOf(600)], faultsOf)).toBe(false);
    expect(isBeyondChance(4, 15, [tallyOf(5)], faultsOf)).toBeUndefined();
  });
});

describe('calls that an instance holds', () => {
  const windowOf = (...seconds: [second: number, tally: Tally][]) => {
    const window = new SlotWindow();
    for (const [second, tally] of seconds) window.record(second, tally);
    return window;
  };

  it('are those in flight through two reports without an end', () => {
    const window = windowOf([100, tallyOf(9, 0, 2)], [101, tallyOf(0, 0, 3)], [102, tallyOf(0, 0, 5)]);
    expect(heldIn(window, 102)).toEqual({ calls: 3, since: 101_000, heldMs: 1000 });
  });

  it('are none while calls end, after one report, or when the newest report is old', () => {
    expect(heldIn(windowOf([101, tallyOf(0, 0, 3)], [102, tallyOf(1, 0, 5)]), 102)).toBeUndefined();
    expect(heldIn(windowOf([102, tallyOf(0, 0, 3)]), 102)).toBeUndefined();
    expect(heldIn(windowOf([101, tallyOf(0, 0, 3)], [102, tallyOf(0, 0, 5)]), 104)).toBeUndefined();
  });
});
