import { DEADLINE_EXCEEDED, type Tally } from '../traffic/tally.js';
import type { Usual } from './chance.js';
import type { Evidence } from './evidence.js';
import type { Finding, Scene } from './finding.js';

/** A deadline that passed after at least this long was a real wait, not a caller in a hurry. */
export const REAL_WAIT_MS = 50;

/**
 * Calls that speak against the instance. DEADLINE_EXCEEDED does so only when the caller's impatience does not explain it:
 * after a real wait it is slowness, judged by the siblings' latency (a fault where no sibling can be compared); in no time
 * at all it is a fault only if the siblings do not share it.
 */
export function faultsOf(tally: Tally, siblings: readonly Evidence[]): number {
  const late = tally.count(DEADLINE_EXCEEDED);
  if (late === 0) return tally.faults;
  const comparable = siblings.filter(({ byCallers }) => byCallers.calls > 0);
  const isRealWait = hasRealWaits(tally);
  const isFault = comparable.length === 0 ? isRealWait : !isRealWait && !comparable.some(isAlsoLate(tally));
  return tally.faults + (isFault ? late : 0);
}

/** Whether so many calls took long that deadlines in it were waited for. */
export function hasRealWaits(tally: Tally): boolean {
  return (tally.quantileMs(0.9) ?? 0) >= REAL_WAIT_MS;
}

function isAlsoLate(tally: Tally): (sibling: Evidence) => boolean {
  const share = tally.count(DEADLINE_EXCEEDED) / tally.calls;
  return ({ byCallers }) => byCallers.count(DEADLINE_EXCEEDED) / byCallers.calls >= share / 2;
}

/** How a finding names the instance. */
export function subjectOf({ target }: Evidence): Pick<Finding, 'service' | 'instance'> {
  return { service: target.ref.service, instance: target.ref.instanceId };
}

/** The other instances of the same service. */
export function siblingsOf(evidence: Evidence, all: readonly Evidence[]): readonly Evidence[] {
  const { service, instanceId } = evidence.target.ref;
  return all.filter(({ target }) => target.ref.service === service && target.ref.instanceId !== instanceId);
}

/** What is usual of the instance's own calls and those of its siblings. */
export function usualOf(evidence: Evidence, siblings: readonly Evidence[], { wasInTrouble }: Scene): Usual {
  return {
    siblings: siblings.map(({ seen }) => seen.usual),
    before: evidence.seen.before(evidence.seen.depth),
    isRelapse: wasInTrouble(evidence.target.ref),
  };
}

/** The callers that have called the instance lately, for people to look at. */
export function callersOf({ callers }: Evidence): string {
  const calling = callers.filter(({ calls }) => calls.calls > 0).map(({ caller }) => caller.ref.instanceId);
  return calling.join(', ') || 'none that reports';
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? '0 %' : `${Math.round((100 * part) / whole)} %`;
}

/** How the calls ended that were not OK, as both sides saw it. */
export function codesOf({ byCallers, own }: Evidence): string {
  const list = (tally: Tally) =>
    tally
      .byCode()
      .filter(([code]) => code !== 0)
      .map(([code, count]) => `${code}×${count}`)
      .join(' ');
  return `callers: ${list(byCallers) || 'none'}; own: ${list(own) || 'none'}`;
}
