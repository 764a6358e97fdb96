import { instanceKey } from '../traffic/report.js';
import { groupBy } from '../traffic/grouping.js';
import { siblingsOf } from './faults.js';
import type { AlarmRule, Finding, Scene } from './finding.js';
import { judgeWay, type Way } from './way.js';

/** Callers cannot reach, or wait long for, an instance that is itself well: the fault lies between them. */
export const linkRule: AlarmRule = {
  name: 'LinkAtRisk',
  cause: 'link',
  severity: 'critical',
  forMs: 2000,
  keepFiringMs: 3000,
  forgetMs: 60_000,
  examine: (scene) => examineWays(waysOf(scene)),
};

function waysOf({ evidence, at }: Scene): readonly Way[] {
  return evidence.flatMap((one) => {
    const siblings = siblingsOf(one, evidence);
    return one.callers.map((caller) => judgeWay(one, caller, siblings, at));
  });
}

/**
 * A bad way has two ends. Where one caller loses two or more targets and nobody else loses them, the caller's own network is
 * named; else the target is.
 */
function examineWays(ways: readonly Way[]): readonly Finding[] {
  const byCaller = groupBy(ways, ({ caller }) => instanceKey(caller.ref));
  const byTarget = groupBy(ways, ({ target }) => instanceKey(target.ref));
  const blamed = new Set([...byCaller].filter(([, out]) => isCutOffItself(out, byTarget)).map(([key]) => key));
  const ofCallers = [...byCaller].flatMap(([key, out]) => (blamed.has(key) ? [ofCaller(out)] : []));
  const ofTargets = [...byTarget].flatMap(([key, incoming]) => {
    const others = incoming.filter(({ caller }) => !blamed.has(instanceKey(caller.ref)));
    // An instance that is blamed as a caller gets one verdict, not two.
    return blamed.has(key) ? [] : ofTarget(others, byCaller.get(key) ?? []);
  });
  const seen = new Set([...ofCallers, ...ofTargets].map(({ service, instance }) => `${service}\n${instance}`));
  const recovered = [...byCaller].flatMap(([key, out]) =>
    blamed.has(key) || seen.has(key) ? [] : recoveredCaller(out),
  );
  return [...ofCallers, ...ofTargets, ...recovered];
}

function isCutOffItself(out: readonly Way[], byTarget: ReadonlyMap<string, readonly Way[]>): boolean {
  const bad = out.filter(({ verdict }) => verdict === 'bad');
  // What it reaches of other services proves nothing: that its reports arrive shows that it reaches at least the monitor.
  const services = new Set(bad.map(({ target }) => target.ref.service));
  const reachesOne = out.some(({ verdict, target }) => verdict === 'good' && services.has(target.ref.service));
  if (bad.length < 2 || reachesOne) return false;
  return bad.every(({ caller, target }) =>
    (byTarget.get(instanceKey(target.ref)) ?? []).every((way) => way.verdict !== 'bad' || way.caller === caller),
  );
}

function ofCaller(out: readonly Way[]): Finding {
  const bad = out.filter(({ verdict }) => verdict === 'bad');
  const caller = bad[0]?.caller.ref ?? { service: '', instanceId: '' };
  const targets = bad.map(({ target }) => target.ref.instanceId).join(', ');
  return {
    service: caller.service,
    instance: caller.instanceId,
    verdict: 'bad',
    since: Math.min(...bad.map(({ since }) => since)),
    summary: `${caller.instanceId} reaches none of ${targets}, which others reach or which report that they are well.`,
    facts: { callers: caller.instanceId, targets, evidence: bad.map(({ reason }) => reason).join('; ') },
  };
}

function ofTarget(incoming: readonly Way[], outgoing: readonly Way[]): readonly Finding[] {
  const [first] = incoming;
  if (first === undefined) return [];
  const subject = { service: first.target.ref.service, instance: first.target.ref.instanceId };
  const bad = incoming.filter(({ verdict }) => verdict === 'bad');
  if (bad.length > 0) return [{ ...subject, verdict: 'bad', ...describe(bad, incoming) }];
  // Its own lost ways may be why an alarm names it; then being reached is no recovery.
  if (outgoing.some(({ verdict }) => verdict === 'bad') || incoming.every(({ verdict }) => verdict !== 'good'))
    return [];
  return [{ ...subject, verdict: 'good', summary: `Callers reach ${subject.instance}.`, facts: {} }];
}

function recoveredCaller(out: readonly Way[]): readonly Finding[] {
  const caller = out[0]?.caller.ref;
  if (caller === undefined || out.some(({ verdict }) => verdict === 'bad')) return [];
  if (!out.some(({ verdict }) => verdict === 'good')) return [];
  const summary = `${caller.instanceId} reaches its targets.`;
  return [{ service: caller.service, instance: caller.instanceId, verdict: 'good', summary, facts: {} }];
}

function describe(bad: readonly Way[], all: readonly Way[]): Pick<Finding, 'since' | 'summary' | 'facts'> {
  const name = bad[0]?.target.ref.instanceId ?? '';
  const callers = bad.map(({ caller }) => caller.ref.instanceId).join(', ');
  const others = all.filter(({ verdict }) => verdict === 'good').map(({ caller }) => caller.ref.instanceId);
  const isKnownWell = bad[0]?.target.reporter !== undefined;
  const health = isKnownWell
    ? 'which itself reports that it is well'
    : 'which sends no reports, so it may be gone itself';
  const verb = bad.every(({ isSlow }) => isSlow) ? 'wait long for' : 'cannot reach';
  const contrast = others.length > 0 ? ` ${others.join(', ')} can reach it.` : ' Nobody else fares better.';
  return {
    since: Math.min(...bad.map(({ since }) => since)),
    summary: `${callers} ${verb} ${name}, ${health}.${contrast}`,
    facts: { callers, evidence: bad.map(({ reason }) => reason).join('; ') },
  };
}
