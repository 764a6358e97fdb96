import type { Tally } from '../traffic/tally.js';

/** Siblings with fewer calls in a minute tell nothing of what is usual. */
const USUAL_CALLS = 20;
/** Rarer than this is no chance. A rule looks at an instance about 10^5 times a day, at the same calls again and again. */
const CHANCE = 1e-5;
/** The same for an instance that was in trouble a moment ago, and is looked at so closely for a minute only. */
const CHANCE_OF_RELAPSE = 1e-2;
/** What is believed before anything was seen. Who has shown no bad call yet is not without risk. */
const BELIEVED_BAD = 0.5;
const BELIEVED_CALLS = 50;

/** What is usual, each as callers saw it in the last minute. */
export interface Usual {
  readonly siblings: readonly Tally[];
  /** The instance itself before the calls in question. */
  readonly before: Tally;
  /** The instance was in trouble a moment ago: balancers still spare it, so one bad call may be all there is. */
  readonly isRelapse: boolean;
}

/**
 * Whether `count` of `calls` are more than chance explains where there usually are as few as `usual` shows; undefined when
 * siblings have too few calls to tell. Balancers spare an ailing instance so soon that bad calls stay few among the good ones
 * of the same seconds, so that a share alone would see them late or not at all.
 */
export function isBeyondChance(
  count: number,
  calls: number,
  { siblings, before, isRelapse }: Usual,
  countOf: (tally: Tally) => number,
): boolean | undefined {
  if (sum(siblings, (tally) => tally.calls) < USUAL_CALLS) return undefined;
  // After trouble its own past is no measure.
  const usual = isRelapse ? siblings : [...siblings, before];
  const bad = sum(usual, countOf);
  // More than was seen by the width of what may have been missed.
  const rate = (bad + Math.sqrt(bad) + BELIEVED_BAD) / (sum(usual, (tally) => tally.calls) + BELIEVED_CALLS);
  return chanceOfAtLeast(count, calls, Math.min(1, rate)) < (isRelapse ? CHANCE_OF_RELAPSE : CHANCE);
}

function sum(tallies: readonly Tally[], countOf: (tally: Tally) => number): number {
  return tallies.reduce((total, tally) => total + countOf(tally), 0);
}

/** How likely `count` or more of `calls` are bad where each is with the likelihood `rate` (binomial). */
export function chanceOfAtLeast(count: number, calls: number, rate: number): number {
  if (count <= 0 || rate >= 1) return 1;
  let logTerm = calls * Math.log1p(-rate);
  for (let k = 1; k <= count; k++) logTerm += Math.log(((calls - k + 1) / k) * (rate / (1 - rate)));
  let term = Math.exp(logTerm);
  let chance = term;
  // Terms rise before they fall where `count` is below the mean; past it, those below the grain of the sum change nothing.
  for (let k = count + 1; k <= calls && (k <= calls * rate || term > chance * Number.EPSILON); k++) {
    term *= ((calls - k + 1) / k) * (rate / (1 - rate));
    chance += term;
  }
  return Math.min(1, chance);
}
