import type { Tally } from '../traffic/tally.js';

/** Siblings with fewer calls in a minute tell nothing of what is usual. */
const USUAL_CALLS = 20;
/** Rarer than this is no chance. A rule looks at an instance about 10^5 times a day. */
const CHANCE = 1e-5;

/**
 * Whether `count` of `calls` are more than chance explains where siblings have usually as few as `usual` shows; undefined when
 * they have too few calls to tell. Balancers spare an ailing instance so soon that bad calls stay few among the good ones of
 * the same seconds, so that a share alone would see them late or not at all.
 */
export function isBeyondChance(
  count: number,
  calls: number,
  usual: readonly Tally[],
  countOf: (tally: Tally) => number,
): boolean | undefined {
  const all = usual.reduce((sum, tally) => sum + tally.calls, 0);
  if (all < USUAL_CALLS) return undefined;
  // Half a call more: who has shown none yet is not without risk.
  const rate = (usual.reduce((sum, tally) => sum + countOf(tally), 0) + 0.5) / all;
  return chanceOfAtLeast(count, calls * rate) < CHANCE;
}

/** How likely `count` or more rare events are where `expected` of them are usual (Poisson). */
export function chanceOfAtLeast(count: number, expected: number): number {
  let term = Math.exp(-expected);
  let fewer = 0;
  for (let k = 0; k < count; k++) {
    fewer += term;
    term = (term * expected) / (k + 1);
  }
  // Below the grain of the subtraction the first term of the tail is all that counts.
  return Math.max(1 - fewer, term);
}
