import type { Tally } from '../traffic/tally.js';
import type { Member } from '../presence/fleet.js';
import { instanceKey } from '../traffic/report.js';
import type { CallerEvidence, Evidence, MethodEvidence } from './evidence.js';
import { REAL_WAIT_MS } from './faults.js';
import { boundBy, isAbove, MEASURED_CALLS } from './measure.js';

/** Whether a process lets so much time go by before its handlers start that callers notice. */
export function isLoopLate({ reporter }: Member): boolean {
  return (reporter?.vitals?.eventLoopDelayP99Ms ?? 0) >= REAL_WAIT_MS;
}

/**
 * What one caller waits for although the target answers fast: the time goes by between them. A caller that waits as long for
 * the siblings is slow itself.
 */
export function slowWay(
  { target, methods }: Evidence,
  { caller }: CallerEvidence,
  siblings: readonly Evidence[],
): string | undefined {
  if (target.reporter === undefined || isLoopLate(target) || isLoopLate(caller)) return undefined;
  const key = instanceKey(caller.ref);
  const all = siblings.flatMap((sibling) => sibling.methods);
  const worst = methods.find((method) => isLateOnTheWay(method, all, key));
  if (worst === undefined) return undefined;
  const p90 = (tally: Tally | undefined) => `${Math.round(tally?.quantileMs(0.9) ?? 0)} ms`;
  const { method, byCaller, own } = worst;
  return `${caller.ref.instanceId}: ${method} takes ${p90(byCaller.get(key))} (p90), of which the instance needs ${p90(own)}`;
}

function isLateOnTheWay(evidence: MethodEvidence, ofSiblings: readonly MethodEvidence[], key: string): boolean {
  const { method, byCaller, own, ownReach, held } = evidence;
  const calls = byCaller.get(key);
  // What neither side counts as finished may still be with the target.
  if (calls === undefined || own.calls < MEASURED_CALLS || held !== undefined) return false;
  if (calls.unfinished > own.unfinished) return false;
  const same = ofSiblings.filter((other) => other.method === method);
  const boundMs = boundBy(same.flatMap((other) => other.byCaller.get(key) ?? []));
  // An instance that was slow a moment ago has answered late calls that callers may report only now.
  if (boundMs === undefined || ownReach.slowerThan(boundMs) > 0) return false;
  const usual = same.map((other) => other.usual);
  return isAbove(calls, boundMs, usual);
}
