import type { Vitals } from '../traffic/report.js';
import type { Member } from '../presence/fleet.js';
import { percent } from './faults.js';
import type { AlarmRule, Finding, Scene } from './finding.js';

/** The 99th percentile by which the event loop ran late. */
const LOOP_DELAY_MS = 250;
/** Share of the time in which the event loop had no rest. */
const LOOP_UTILIZATION = 0.98;
const IN_FLIGHT_SHARE = 0.9;
const HEAP_SHARE = 0.92;
/** Calls refused in one reported period. */
const REFUSED_CALLS = 5;
/** Vitals of a process that just started, or just stood still, say nothing of its load. */
const SETTLE_MS = 5000;

/** A process has more work than it can do, by its own vitals. */
export const overloadRule: AlarmRule = {
  name: 'InstanceOverloaded',
  cause: 'overload',
  severity: 'warning',
  forMs: 3000,
  keepFiringMs: 5000,
  forgetMs: 30_000,
  examine: (scene) => scene.members.flatMap((member) => examineOne(member, scene)),
};

function examineOne({ ref, standing, reporter }: Member, { at }: Scene): readonly Finding[] {
  if (standing !== 'reporting' || reporter?.vitals === undefined) return [];
  if (at - reporter.steadySince < SETTLE_MS) return [];
  const reasons = reasonsFor(reporter.vitals);
  const subject = { service: ref.service, instance: ref.instanceId, facts: {} };
  return reasons.length > 0
    ? [{ ...subject, verdict: 'bad', summary: `${ref.instanceId}: ${reasons.join('; ')}.` }]
    : [{ ...subject, verdict: 'good', summary: `${ref.instanceId} keeps up with its work.` }];
}

function reasonsFor(vitals: Vitals): readonly string[] {
  const { inFlight, inFlightLimit, refusedCalls } = vitals;
  const { heapUsedBytes, heapLimitBytes, eventLoopDelayP99Ms, eventLoopUtilization } = vitals;
  const checks: readonly (readonly [boolean, string])[] = [
    [eventLoopDelayP99Ms >= LOOP_DELAY_MS, `its event loop runs ${Math.round(eventLoopDelayP99Ms)} ms late (p99)`],
    [
      eventLoopUtilization >= LOOP_UTILIZATION,
      `its event loop is busy ${percent(eventLoopUtilization, 1)} of the time`,
    ],
    [
      inFlightLimit > 0 && inFlight >= IN_FLIGHT_SHARE * inFlightLimit,
      `${inFlight} of at most ${inFlightLimit} calls in flight`,
    ],
    [refusedCalls >= REFUSED_CALLS, `it refused ${refusedCalls} calls since its last report`],
    [
      heapLimitBytes > 0 && heapUsedBytes >= HEAP_SHARE * heapLimitBytes,
      `${percent(heapUsedBytes, heapLimitBytes)} of its heap is in use`,
    ],
  ];
  return checks.filter(([isMet]) => isMet).map(([, reason]) => reason);
}
