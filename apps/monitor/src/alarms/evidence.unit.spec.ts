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
    [1, 1, 0.1, 0.1],
    [1, 10, 0.01, 0.0956179],
    [3, 20, 0.01, 0.0010036],
    [2, 4, 0.001, 5.992e-6],
    [30, 1000, 0.05, 0.9994],
    [10, 1000, 1e-6, 2.6e-37],
  ])('of %d or more of %d calls at a rate of %d', (count, calls, rate, chance) => {
    expect(chanceOfAtLeast(count, calls, rate) / chance).toBeCloseTo(1, 1);
  });

  const faultsOf = (tally: Tally) => tally.faults;
  const usual = (sibling: Tally, given: { before?: Tally; isRelapse?: boolean } = {}) => {
    const { before = new Tally(), isRelapse = false } = given;
    return { siblings: [sibling], before, isRelapse };
  };

  it('tells faults that siblings do not have from those that they have too', () => {
    expect(isBeyondChance(4, 15, usual(tallyOf(600)), faultsOf)).toBe(true);
    expect(isBeyondChance(4, 15, usual(tallyOf(560, 40)), faultsOf)).toBe(false);
    expect(isBeyondChance(1, 15, usual(tallyOf(600)), faultsOf)).toBe(false);
    expect(isBeyondChance(4, 15, usual(tallyOf(5)), faultsOf)).toBeUndefined();
  });

  it('takes into account what the instance itself was before, but not after trouble', () => {
    expect(isBeyondChance(2, 3, usual(tallyOf(60)), faultsOf)).toBe(false);
    expect(isBeyondChance(2, 3, usual(tallyOf(60), { before: tallyOf(300) }), faultsOf)).toBe(true);
    expect(isBeyondChance(2, 3, usual(tallyOf(300), { before: tallyOf(0, 300), isRelapse: true }), faultsOf)).toBe(
      true,
    );
  });

  it('believes a single fault right after trouble, where siblings have none', () => {
    expect(isBeyondChance(1, 2, usual(tallyOf(300), { isRelapse: true }), faultsOf)).toBe(true);
    expect(isBeyondChance(1, 2, usual(tallyOf(295, 5), { isRelapse: true }), faultsOf)).toBe(false);
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
