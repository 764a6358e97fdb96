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
  for (const { window, since } of stretches) sum.add(window.sum(second, depth, since));
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

/** The first second whose calls are evidence on, or by, this instance. */
export function settledSecond(member: Member | undefined): number {
  const steadySince = member?.reporter?.steadySince;
  return steadySince === undefined ? 0 : Math.ceil((steadySince + SETTLE_MS) / 1000);
}
