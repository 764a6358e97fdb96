import type { Tally } from '../traffic/tally.js';
import type { Member } from '../presence/fleet.js';
import { instanceKey } from '../traffic/report.js';
import type { CallerEvidence, Evidence, MethodEvidence } from './evidence.js';
import { REAL_WAIT_MS } from './faults.js';
import { boundBy, FLOOR_MS, isAbove, MEASURED_CALLS } from './measure.js';

/** Whether a process lets so much time go by before its handlers start that callers notice. */
export function isLoopLate({ reporter }: Member): boolean {
  return (reporter?.vitals?.eventLoopDelayP99Ms ?? 0) >= REAL_WAIT_MS;
}

/**
 * What one caller waits for although the target answers fast: the time goes by between them. A caller that waits as long for
 * the siblings is slow itself.
 */
export function slowWay(
  evidence: Evidence,
  { caller }: CallerEvidence,
  siblings: readonly Evidence[],
): string | undefined {
  const { target, methods } = evidence;
  if (target.reporter === undefined || isLoopLate(target) || isLoopLate(caller)) return undefined;
  const key = instanceKey(caller.ref);
  const worst = methods.find((method) => isLateOnTheWay(method, siblings, key));
  if (worst === undefined) return undefined;
  const p90 = (tally: Tally | undefined) => `${Math.round(tally?.quantileMs(0.9) ?? 0)} ms`;
  const [seen, own] = [p90(worst.byCaller(key)), p90(worst.own)];
  return `${caller.ref.instanceId}: ${worst.method} takes ${seen} (p90), of which the instance needs ${own}`;
}

function isLateOnTheWay(evidence: MethodEvidence, siblings: readonly Evidence[], key: string): boolean {
  const { method, own, felt, held, seen } = evidence;
  const calls = evidence.byCaller(key);
  if (calls === undefined || calls.slowerThan(FLOOR_MS) === 0) return false;
  // What neither side counts as finished may still be with the target.
  if (own.calls < MEASURED_CALLS || held !== undefined || calls.unfinished > own.unfinished) return false;
  const same = siblings.flatMap(({ methods }) => methods.filter((other) => other.method === method));
  const boundMs = boundBy(same.flatMap((other) => other.byCaller(key) ?? []));
  // An instance that was slow a moment ago has answered late calls that callers may report only now.
  if (boundMs === undefined || felt.reach.slowerThan(boundMs) > 0) return false;
  const usual = { siblings: same.map((other) => other.seen.usual), before: seen.before(seen.depth), isRelapse: false };
  return isAbove(calls, boundMs, usual);
}
