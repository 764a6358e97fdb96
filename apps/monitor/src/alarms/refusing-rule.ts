import { isBeyondChance } from './chance.js';
import type { Evidence, MethodEvidence } from './evidence.js';
import { callersOf, codesOf, percent, siblingsOf, subjectOf } from './faults.js';
import type { AlarmRule, Finding, Scene } from './finding.js';
import type { Tally } from '../traffic/tally.js';

/** So many refusals, and this share of the newest calls of a method. */
const REFUSED_CALLS = 5;
const REFUSED_SHARE = 0.5;
/** Siblings that refuse more than this part of that share refuse the same callers for the same reason. */
const SIBLING_PART = 0.2;
/** What callers do wrong themselves may be refused now and then. */
const GOOD_SHARE = 0.1;

const refusalsOf = (tally: Tally): number => tally.refusals;

/**
 * An instance turns away what its siblings serve: UNAUTHENTICATED, PERMISSION_DENIED or UNIMPLEMENTED, which usually are the
 * caller's mistake, tell of a wrong issuer, wrong rights or a wrong contract when one instance alone answers so.
 */
export const refusingRule: AlarmRule = {
  name: 'InstanceRefusing',
  cause: 'refusing',
  severity: 'critical',
  forMs: 1000,
  keepFiringMs: 5000,
  forgetMs: 120_000,
  examine: (scene) => scene.evidence.flatMap((evidence) => examineOne(evidence, scene)),
};

function examineOne(evidence: Evidence, scene: Scene): readonly Finding[] {
  const subject = subjectOf(evidence);
  const refused = evidence.methods.filter(({ byCallers }) => byCallers.refusals > 0);
  const worst = refused.find((method) => standsOut(method, siblingsOf(evidence, scene.evidence)));
  if (worst !== undefined) {
    const { byCallers, method } = worst;
    const share = `${byCallers.refusals} of ${byCallers.calls} calls (${percent(byCallers.refusals, byCallers.calls)})`;
    const summary = `${subject.instance} refused ${share} of ${method}, which its siblings serve.`;
    const facts = { callers: callersOf(evidence), method, codes: codesOf(evidence) };
    return [{ ...subject, verdict: 'bad', summary, facts }];
  }
  const isGood = refused.every(({ byCallers }) => byCallers.refusals <= GOOD_SHARE * byCallers.calls);
  if (!isGood || evidence.latestByCallers.calls === 0) return [];
  return [{ ...subject, verdict: 'good', summary: `${subject.instance} serves what its siblings serve.`, facts: {} }];
}

function standsOut({ method, byCallers }: MethodEvidence, siblings: readonly Evidence[]): boolean {
  const share = byCallers.refusals / byCallers.calls;
  if (byCallers.refusals < REFUSED_CALLS || share < REFUSED_SHARE) return false;
  const same = siblings.flatMap(({ methods }) => methods.filter((other) => other.method === method));
  // Both of late and in the last minute: a burst of bad calls meets all instances at one time.
  const [newest, usual] = [same.map((other) => other.byCallers), same.map(({ seen }) => seen.usual)];
  if (![newest, usual].every((tallies) => refuseLess(tallies, SIBLING_PART * share))) return false;
  const measure = { siblings: usual, before: byCallers, isRelapse: true };
  return isBeyondChance(byCallers.refusals, byCallers.calls, measure, refusalsOf) ?? false;
}

function refuseLess(tallies: readonly Tally[], share: number): boolean {
  const calls = tallies.reduce((sum, tally) => sum + tally.calls, 0);
  const refusals = tallies.reduce((sum, tally) => sum + tally.refusals, 0);
  return calls > 0 && refusals <= share * calls;
}
