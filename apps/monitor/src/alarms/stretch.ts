import type { Member } from '../presence/fleet.js';
import type { SlotWindow } from '../traffic/slot-window.js';
import { Tally } from '../traffic/tally.js';

/** Enough calls to judge by; the newest seconds that hold them are looked at. */
export const ENOUGH_CALLS = 10;
/** Enough calls to believe in a recovery. */
export const FEW_CALLS = 3;
/** How far back calls are evidence. */
export const REACH_SECONDS = 10;
/** The first calls after a start or a stand-still say nothing of an instance: it warms up, it catches up. */
const SETTLE_MS = 5000;
/** How old the newest report may be for what an instance holds to be known now. */
const HELD_AGE_SECONDS = 2;

/** A window and the first second that counts as evidence. */
export interface Stretch {
  readonly window: SlotWindow;
  readonly since: number;
}

/** How many of the newest seconds hold `minimum` calls; the whole reach when even that does not. */
export function depthOf(stretches: readonly Stretch[], second: number, minimum: number): number {
  let calls = 0;
  for (let depth = 1; depth <= REACH_SECONDS; depth++) {
    const slot = second - depth + 1;
    for (const { window, since } of stretches) if (slot >= since) calls += window.callsIn(slot);
    if (calls >= minimum) return depth;
  }
  return REACH_SECONDS;
}

export function sumOf(stretches: readonly Stretch[], second: number, depth: number): Tally {
  const sum = new Tally();
  for (const { window, since } of stretches) window.addTo(sum, second, depth, since);
  return sum;
}

/** Start, in monotonic milliseconds, of the first second in the stretch with a call that nobody answered. */
export function firstUnanswered(stretches: readonly Stretch[], second: number, depth: number): number | undefined {
  for (let slot = second - depth + 1; slot <= second; slot++) {
    if (sumOf(stretches, slot, 1).unanswered > 0) return slot * 1000;
  }
  return undefined;
}

/** Start, in monotonic milliseconds, of the newest second with a call that somebody answered. */
export function lastAnswered(stretches: readonly Stretch[], second: number): number | undefined {
  for (let slot = second; slot > second - REACH_SECONDS; slot--) {
    const tally = sumOf(stretches, slot, 1);
    if (tally.calls > tally.unanswered) return slot * 1000;
  }
  return undefined;
}

/** Calls that an instance began and did not end. */
export interface Held {
  readonly calls: number;
  /** Since when at the latest; monotonic. */
  readonly since: number;
  /** For how long at least. */
  readonly heldMs: number;
}

/** What the newest reports show to be held without a single call of the method having ended meanwhile. */
export function heldIn(window: SlotWindow, second: number): Held | undefined {
  let calls = Number.POSITIVE_INFINITY;
  const seconds: number[] = [];
  for (let slot = second; slot > second - REACH_SECONDS; slot--) {
    const tally = window.at(slot);
    if (tally === undefined) continue;
    if (tally.calls > 0) break;
    calls = Math.min(calls, tally.maxInFlight);
    seconds.push(slot);
  }
  const [newest, oldest] = [seconds[0], seconds.at(-1)];
  if (newest === undefined || oldest === undefined || newest === oldest) return undefined;
  if (second - newest >= HELD_AGE_SECONDS) return undefined;
  return { calls, since: oldest * 1000, heldMs: (newest - oldest) * 1000 };
}

/** The first second whose calls are evidence on, or by, this instance. */
export function settledSecond(member: Member | undefined): number {
  const steadySince = member?.reporter?.steadySince;
  return steadySince === undefined ? 0 : Math.ceil((steadySince + SETTLE_MS) / 1000);
}
