import type { Tally } from '../traffic/tally.js';
import { isBeyondChance, type Usual } from './chance.js';
import { REAL_WAIT_MS } from './faults.js';

/** Slow means slower than this many times the siblings' median p90, and never less than a wait that people notice. */
const RATIO = 3;
export const FLOOR_MS = REAL_WAIT_MS;
/** So many slow calls, and this share of the newest calls. */
const SLOW_CALLS = 3;
const SLOW_SHARE = 0.05;
/** So few suffice if they are most of the newest calls: an instance that was spared already gets few. */
const CLEAR_CALLS = 2;
const MOST = 0.5;
/** A method with fewer calls is no measure, neither here nor for a sibling. */
export const MEASURED_CALLS = 5;
/** Failures are quick or late for reasons of their own: who fails this often is nobody's measure. */
const FAULTY_SHARE = 0.1;
export const GOOD_SHARE = 0.05;

/** Above which latency a call is slow, by what siblings need; undefined when none of them has calls enough to compare with. */
export function boundBy(siblings: readonly Tally[]): number | undefined {
  const p90s = siblings
    .filter(({ calls, faultsAndTimeouts }) => calls >= MEASURED_CALLS && faultsAndTimeouts < FAULTY_SHARE * calls)
    .flatMap((tally) => tally.quantileMs(0.9) ?? [])
    .sort((a, b) => a - b);
  const median = p90s[Math.floor((p90s.length - 1) / 2)];
  return median === undefined ? undefined : Math.max(FLOOR_MS, RATIO * median);
}

/** Whether so many calls are slow that siblings, by what is `usual`, have not as many by chance. */
export function isAbove(tally: Tally, boundMs: number, usual: Usual): boolean {
  const slow = tally.slowerThan(boundMs);
  const enough = slow >= MOST * tally.calls ? CLEAR_CALLS : SLOW_CALLS;
  if (slow < (usual.isRelapse ? 1 : enough) || slow < SLOW_SHARE * tally.calls) return false;
  return isBeyondChance(slow, tally.calls, usual, (each) => each.slowerThan(boundMs)) ?? false;
}

export function shareAbove(tally: Tally, boundMs: number): number {
  return tally.calls === 0 ? 0 : tally.slowerThan(boundMs) / tally.calls;
}
