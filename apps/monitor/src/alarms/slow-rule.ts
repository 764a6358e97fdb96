import type { Tally } from '../traffic/tally.js';
import type { Evidence, MethodEvidence } from './evidence.js';
import { REAL_WAIT_MS, percent, siblingsOf } from './faults.js';
import type { AlarmRule, Finding, Scene } from './finding.js';

/** Slow means slower than this many times the siblings' median p90, and never less than a wait that people notice. */
const RATIO = 3;
const FLOOR_MS = REAL_WAIT_MS;
/** So many slow calls, and this share of the newest calls. */
const SLOW_CALLS = 3;
const SLOW_SHARE = 0.15;
/** A method with fewer calls is no measure, neither here nor for a sibling. */
const MEASURED_CALLS = 5;
const GOOD_SHARE = 0.05;
/** Fewer calls at once may be those that work. */
const HELD_CALLS = 2;

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
  const siblings = siblingsOf(evidence, scene.evidence);
  const subject = { service: evidence.target.ref.service, instance: evidence.target.ref.instanceId };
  const measured = evidence.methods.flatMap((method) => {
    const boundMs = boundFor(method.method, siblings);
    return boundMs === undefined ? [] : [{ method, boundMs }];
  });
  const worst = measured.find(({ method, boundMs }) => isSlow(method, boundMs));
  if (worst !== undefined && evidence.isFresh) return [{ ...subject, verdict: 'bad', ...describe(evidence, worst) }];
  const enough = measured.filter(({ method }) => method.byCallers.calls >= MEASURED_CALLS);
  const areGood = enough.every(({ method, boundMs }) => shareAbove(method.byCallers, boundMs) <= GOOD_SHARE);
  if (worst !== undefined || enough.length === 0 || !areGood) return [];
  return [{ ...subject, verdict: 'good', summary: `${subject.instance} is as fast as its siblings.`, facts: {} }];
}

/** Undefined when no sibling serves the method often enough to compare with. */
function boundFor(name: string, siblings: readonly Evidence[]): number | undefined {
  const p90s = siblings
    .flatMap(({ methods }) => methods)
    .filter(({ method, byCallers }) => method === name && byCallers.calls >= MEASURED_CALLS)
    .map(({ byCallers }) => byCallers.quantileMs(0.9) ?? 0)
    .sort((a, b) => a - b);
  const median = p90s[Math.floor((p90s.length - 1) / 2)];
  return median === undefined ? undefined : Math.max(FLOOR_MS, RATIO * median);
}

function isSlow(method: MethodEvidence, boundMs: number): boolean {
  const { byCallers, own } = method;
  if (isAbove(own, boundMs)) return true;
  if (!isAbove(byCallers, boundMs)) return false;
  // Callers got no answer, and the instance knows nothing of it: either it still holds those calls, or they were lost on
  // the way, which is the link's alarm.
  const lost = byCallers.unfinished - own.unfinished;
  const isHolding = own.maxInFlight >= HELD_CALLS && own.maxInFlight >= lost;
  return (isHolding || lost * 2 <= byCallers.slowerThan(boundMs)) && doCallersAgree(method, boundMs);
}

/** One slow way among several says nothing of the instance. */
function doCallersAgree({ byCaller }: MethodEvidence, boundMs: number): boolean {
  const measured = [...byCaller.values()].filter(({ calls }) => calls >= MEASURED_CALLS);
  return measured.every((calls) => shareAbove(calls, boundMs) > GOOD_SHARE);
}

function isAbove(tally: Tally, boundMs: number): boolean {
  const slow = tally.slowerThan(boundMs);
  return slow >= SLOW_CALLS && slow >= SLOW_SHARE * tally.calls;
}

function shareAbove(tally: Tally, boundMs: number): number {
  return tally.calls === 0 ? 0 : tally.slowerThan(boundMs) / tally.calls;
}

function describe(
  { target }: Evidence,
  { method, boundMs }: { method: MethodEvidence; boundMs: number },
): Pick<Finding, 'summary' | 'facts'> {
  const slow = method.byCallers.slowerThan(boundMs);
  const p90 = (tally: Tally) => `${Math.round(tally.quantileMs(0.9) ?? 0)} ms`;
  const place = isAbove(method.own, boundMs)
    ? 'It measures the same itself.'
    : 'By its own measure it is fast: the time goes by before its handlers start, or on the way.';
  return {
    summary:
      `${target.ref.instanceId}: ${slow} of ${method.byCallers.calls} calls (${percent(slow, method.byCallers.calls)}) of ` +
      `${method.method} took longer than ${Math.round(boundMs)} ms, which its siblings do not need. ${place}`,
    facts: { method: method.method, p90Callers: p90(method.byCallers), p90Own: p90(method.own) },
  };
}
