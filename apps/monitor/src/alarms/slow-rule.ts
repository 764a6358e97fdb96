import type { Tally } from '../traffic/tally.js';
import type { Evidence, MethodEvidence } from './evidence.js';
import { callersOf, percent, siblingsOf } from './faults.js';
import type { AlarmRule, Finding, Scene } from './finding.js';
import { boundBy, GOOD_SHARE, isAbove, MEASURED_CALLS, shareAbove } from './measure.js';
import { isLoopLate } from './slow-way.js';

/** The instance's own count need only confirm it: reports of the two sides are up to a second apart. */
const OWN_SLOW_CALLS = 2;
/** Slow calls that all ended in one second may have waited for one pause, as of a garbage collection. */
const OWN_SLOW_SECONDS = 2;
/** Fewer calls at once may be those that work. */
const HELD_CALLS = 2;

interface Measured {
  readonly method: MethodEvidence;
  readonly boundMs: number;
  /** The same method of the siblings. */
  readonly siblings: readonly MethodEvidence[];
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
  const siblings = siblingsOf(evidence, scene.evidence).flatMap(({ methods }) => methods);
  const subject = { service: evidence.target.ref.service, instance: evidence.target.ref.instanceId };
  const measured = evidence.methods.flatMap((method): Measured[] => {
    const same = siblings.filter((sibling) => sibling.method === method.method);
    const boundMs = boundBy(same.map(({ byCallers }) => byCallers));
    return boundMs === undefined ? [] : [{ method, boundMs, siblings: same }];
  });
  const worst = measured.find((one) => isHolding(one) || isSlow(one, evidence));
  if (worst !== undefined && evidence.isFresh) return [{ ...subject, verdict: 'bad', ...describe(evidence, worst) }];
  const enough = measured.filter(({ method }) => method.byCallers.calls >= MEASURED_CALLS);
  const areGood = enough.every(({ method, boundMs }) => shareAbove(method.byCallers, boundMs) <= GOOD_SHARE);
  if (worst !== undefined || enough.length === 0 || !areGood) return [];
  return [{ ...subject, verdict: 'good', summary: `${subject.instance} is as fast as its siblings.`, facts: {} }];
}

/** Calls that hang are slow long before they end. */
function isHolding({ method, boundMs }: Measured): boolean {
  return method.held !== undefined && method.held.calls >= HELD_CALLS && method.held.heldMs >= boundMs;
}

/** Where the instance itself is fast, the time goes by on the way, which is the link's alarm, or before its handlers start. */
function isSlow(measured: Measured, { target }: Evidence): boolean {
  const { method, boundMs, siblings } = measured;
  const { byCallers, own } = method;
  const usual = siblings.map((sibling) => sibling.usual);
  if (isConfirmed(method, boundMs) && (isAbove(own, boundMs, usual) || isAbove(byCallers, boundMs, usual))) return true;
  if (!isAbove(byCallers, boundMs, usual) || !doCallersAgree(method, boundMs)) return false;
  // Callers got no answer and the instance knows nothing of it: it still holds those calls, or they were lost on the way.
  const lost = byCallers.unfinished - own.unfinished;
  const isHeld = lost * 2 > byCallers.slowerThan(boundMs) && own.maxInFlight >= Math.max(HELD_CALLS, lost);
  return isHeld || isLoopLate(target);
}

function isConfirmed({ own, ownBySecond }: MethodEvidence, boundMs: number): boolean {
  const seconds = [...ownBySecond.values()].filter((tally) => tally.slowerThan(boundMs) > 0);
  return own.slowerThan(boundMs) >= OWN_SLOW_CALLS && seconds.length >= OWN_SLOW_SECONDS;
}

/** The first second in which the instance itself was slow. */
function slowSince({ ownBySecond }: MethodEvidence, boundMs: number): { readonly since?: number } {
  const seconds = [...ownBySecond].filter(([, tally]) => tally.slowerThan(boundMs) > 0).map(([second]) => second);
  return seconds.length < OWN_SLOW_SECONDS ? {} : { since: 1000 * Math.min(...seconds) };
}

/** One slow way among several says nothing of the instance. */
function doCallersAgree({ byCaller }: MethodEvidence, boundMs: number): boolean {
  const measured = [...byCaller.values()].filter(({ calls }) => calls >= MEASURED_CALLS);
  return measured.every((calls) => shareAbove(calls, boundMs) > GOOD_SHARE);
}

function describe(evidence: Evidence, measured: Measured): Pick<Finding, 'summary' | 'facts' | 'since'> {
  const { method, boundMs } = measured;
  const { byCallers, own, held } = method;
  const p90 = (tally: Tally) => (tally.calls === 0 ? 'none' : `${Math.round(tally.quantileMs(0.9) ?? 0)} ms`);
  const facts = { callers: callersOf(evidence), method: method.method, p90Callers: p90(byCallers), p90Own: p90(own) };
  const name = evidence.target.ref.instanceId;
  if (held !== undefined && isHolding(measured)) {
    const summary = `${name} has held ${held.calls} calls of ${method.method} for more than ${held.heldMs / 1000} s and ended none meanwhile.`;
    return { since: held.since, summary, facts: { ...facts, held: String(held.calls) } };
  }
  const slow = byCallers.slowerThan(boundMs);
  const place = isConfirmed(method, boundMs)
    ? 'It measures the same itself.'
    : 'The time goes by before its handlers start.';
  const summary =
    `${name}: ${slow} of ${byCallers.calls} calls (${percent(slow, byCallers.calls)}) of ${method.method} took longer ` +
    `than ${Math.round(boundMs)} ms, which its siblings do not need. ${place}`;
  return { ...slowSince(method, boundMs), summary, facts };
}
