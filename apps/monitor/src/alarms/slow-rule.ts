import type { Tally } from '../traffic/tally.js';
import type { Usual } from './chance.js';
import type { Evidence, MethodEvidence } from './evidence.js';
import { callersOf, percent, siblingsOf, subjectOf } from './faults.js';
import type { AlarmRule, Finding, Scene } from './finding.js';
import { boundBy, FLOOR_MS, GOOD_SHARE, isAbove, MEASURED_CALLS, shareAbove } from './measure.js';
import { isLoopLate } from './slow-way.js';

/** The instance's own count need only confirm it: reports of the two sides are up to a second apart. */
const OWN_SLOW_CALLS = 2;
/** Slow calls that all ended in one second may have waited for one pause, as of a garbage collection. */
const OWN_SLOW_SECONDS = 2;
/** Fewer calls at once may be those that work. */
const HELD_CALLS = 2;
/** A single call may be one that had bad luck, unless it waits this long; less of an instance that was in trouble before. */
const HELD_ALONE_MS = 2000;
const HELD_AGAIN_MS = 1000;
/** After trouble one call tells, if it takes so many times what would be slow. */
const CLEARLY = 2;

interface Measured {
  readonly method: MethodEvidence;
  readonly boundMs: number;
  readonly usual: Usual;
}

/** An instance is much slower than its siblings are with the same method. */
export const slowRule: AlarmRule = {
  name: 'InstanceSlow',
  cause: 'slow',
  severity: 'warning',
  forMs: 1000,
  keepFiringMs: 5000,
  forgetMs: 120_000,
  examine: (scene) => scene.evidence.flatMap((evidence) => examineOne(evidence, scene)),
};

function examineOne(evidence: Evidence, scene: Scene): readonly Finding[] {
  const subject = subjectOf(evidence);
  const measured = evidence.methods.filter(mayBeSlow).flatMap((method) => measure(method, evidence, scene));
  const worst = measured.find((one) => isHolding(one) || isSlow(one, evidence));
  if (worst !== undefined)
    return evidence.isFresh ? [{ ...subject, verdict: 'bad', ...describe(evidence, worst) }] : [];
  const enough = evidence.methods.filter(({ byCallers }) => byCallers.calls >= MEASURED_CALLS);
  const areGood = enough.every((method) => {
    const boundMs = measured.find((one) => one.method === method)?.boundMs ?? FLOOR_MS;
    return shareAbove(method.byCallers, boundMs) <= GOOD_SHARE;
  });
  if (enough.length === 0 || !areGood) return [];
  return [{ ...subject, verdict: 'good', summary: `${subject.instance} is as fast as its siblings.`, facts: {} }];
}

/** Most methods of most instances are fast: those need no comparison. */
function mayBeSlow({ byCallers, own, held }: MethodEvidence): boolean {
  return held !== undefined || byCallers.slowerThan(FLOOR_MS) > 0 || own.slowerThan(FLOOR_MS) > 0;
}

/** Nothing where no sibling has calls enough to compare with. */
function measure(method: MethodEvidence, evidence: Evidence, scene: Scene): readonly Measured[] {
  const siblings = siblingsOf(evidence, scene.evidence).flatMap(({ methods }) =>
    methods.filter((other) => other.method === method.method),
  );
  const boundMs = boundBy(siblings.map(({ byCallers }) => byCallers));
  if (boundMs === undefined) return [];
  const { seen } = method;
  const isRelapse = scene.wasInTrouble(evidence.target.ref);
  const usual = { siblings: siblings.map((sibling) => sibling.seen.usual), before: seen.before(seen.depth), isRelapse };
  return [{ method, boundMs, usual }];
}

/** Calls that hang are slow long before they end. */
function isHolding({ method: { held }, boundMs, usual: { isRelapse } }: Measured): boolean {
  if (held === undefined || held.calls === 0 || held.heldMs < boundMs) return false;
  return held.calls >= HELD_CALLS || held.heldMs >= (isRelapse ? HELD_AGAIN_MS : HELD_ALONE_MS);
}

/** Where the instance itself is fast, the time goes by on the way, which is the link's alarm, or before its handlers start. */
function isSlow(measured: Measured, { target }: Evidence): boolean {
  const { method, boundMs, usual } = measured;
  const { byCallers, own, seen } = method;
  const isAboveUsual = (tally: Tally) => isAbove(tally, boundMs, usual);
  if (isConfirmed(measured) && [own, byCallers, seen.over(seen.latestDepth)].some(isAboveUsual)) return true;
  if (!isAboveUsual(byCallers) || !doCallersAgree(method, boundMs)) return false;
  // Callers got no answer and the instance knows nothing of it: it still holds those calls, or they were lost on the way.
  const lost = byCallers.unfinished - own.unfinished;
  const isHeld = lost * 2 > byCallers.slowerThan(boundMs) && own.maxInFlight >= Math.max(HELD_CALLS, lost);
  return isHeld || isLoopLate(target);
}

function isConfirmed({ method, boundMs, usual }: Measured): boolean {
  if (usual.isRelapse && method.own.slowerThan(CLEARLY * boundMs) > 0) return true;
  return method.own.slowerThan(boundMs) >= OWN_SLOW_CALLS && method.ownSecondsAbove(boundMs).length >= OWN_SLOW_SECONDS;
}

/** The first second in which the instance itself was slow. */
function slowSince({ method, boundMs, usual }: Measured): { readonly since?: number } {
  const seconds = method.ownSecondsAbove(boundMs);
  return seconds.length < (usual.isRelapse ? 1 : OWN_SLOW_SECONDS) ? {} : { since: 1000 * Math.min(...seconds) };
}

/** One slow way among several says nothing of the instance. */
function doCallersAgree({ ofEachCaller }: MethodEvidence, boundMs: number): boolean {
  const measured = ofEachCaller.filter(({ calls }) => calls >= MEASURED_CALLS);
  return measured.every((calls) => shareAbove(calls, boundMs) > GOOD_SHARE);
}

function describe(evidence: Evidence, measured: Measured): Pick<Finding, 'summary' | 'facts' | 'since'> {
  const { method, boundMs } = measured;
  const { byCallers, own, held } = method;
  const p90 = (tally: Tally) => (tally.calls === 0 ? 'none' : `${Math.round(tally.quantileMs(0.9) ?? 0)} ms`);
  const facts = { callers: callersOf(evidence), method: method.method, p90Callers: p90(byCallers), p90Own: p90(own) };
  const name = evidence.target.ref.instanceId;
  if (held !== undefined && isHolding(measured)) {
    const calls = held.calls === 1 ? 'a call' : `${held.calls} calls`;
    const summary = `${name} has held ${calls} of ${method.method} for more than ${held.heldMs / 1000} s and ended none meanwhile.`;
    return { since: held.since, summary, facts: { ...facts, held: String(held.calls) } };
  }
  const slow = byCallers.slowerThan(boundMs);
  const place = isConfirmed(measured) ? 'It measures the same itself.' : 'The time goes by before its handlers start.';
  const summary =
    `${name}: ${slow} of ${byCallers.calls} calls (${percent(slow, byCallers.calls)}) of ${method.method} took longer ` +
    `than ${Math.round(boundMs)} ms, which its siblings do not need. ${place}`;
  return { ...slowSince(measured), summary, facts };
}
