import { isBeyondChance, type Usual } from './chance.js';
import type { Tally } from '../traffic/tally.js';
import type { Evidence } from './evidence.js';
import { callersOf, codesOf, faultsOf, percent, siblingsOf, subjectOf, usualOf } from './faults.js';
import type { AlarmRule, Finding, Scene } from './finding.js';

/** Callers must have met so many faults, and this share of their newest calls. */
const CALLER_FAULTS = 3;
const CALLER_SHARE = 0.2;
/** The instance's own count need only confirm it: reports of the two sides are up to a second apart. */
const OWN_FAULTS = 2;
/** The share that suffices when siblings make clear that the faults are no chance. */
const CLEAR_SHARE = 0.05;
/** So few faults suffice then if they are most of the newest calls: an instance that was spared already gets few. */
const CLEAR_FAULTS = 2;
const MOST = 0.5;
/** By its own account alone, for callers that do not report. */
const ALONE_FAULTS = 5;
/** So many of the newest calls without a fault mean that it works again. */
const GOOD_CALLS = 3;

/** An instance answers with errors that are its own fault, and both views agree on it. */
export const failingRule: AlarmRule = {
  name: 'InstanceFailing',
  cause: 'failing',
  severity: 'critical',
  forMs: 1000,
  keepFiringMs: 5000,
  forgetMs: 120_000,
  examine: (scene) => scene.evidence.flatMap((evidence) => examineOne(evidence, scene)),
};

function examineOne(evidence: Evidence, scene: Scene): readonly Finding[] {
  const siblings = siblingsOf(evidence, scene.evidence);
  const subject = subjectOf(evidence);
  const seen = faultsOf(evidence.byCallers, siblings);
  const own = faultsOf(evidence.own, siblings);
  const hasAny = seen > 0 || own > 0;
  if (hasAny && evidence.isFresh && isFailing(evidence, siblings, scene) && !isExplained(evidence)) {
    return [
      {
        ...subject,
        ...failingSince(evidence, scene),
        verdict: 'bad',
        summary: describe(evidence, seen, own),
        facts: { callers: callersOf(evidence), codes: codesOf(evidence) },
      },
    ];
  }
  const { latestByCallers, latestOwn } = evidence;
  const hasFaults = faultsOf(latestByCallers, siblings) + faultsOf(latestOwn, siblings) > 0;
  if (hasFaults || Math.max(latestByCallers.calls, latestOwn.calls) < GOOD_CALLS) return [];
  return [{ ...subject, verdict: 'good', summary: `${subject.instance} answers without faults.`, facts: {} }];
}

function isFailing(evidence: Evidence, siblings: readonly Evidence[], scene: Scene): boolean {
  const { target, byCallers, latestByCallers, own } = evidence;
  const felt = faultsOf(own, siblings);
  const usual = usualOf(evidence, siblings, scene);
  const callersAgree = [byCallers, latestByCallers].some((calls) => speaksAgainst(calls, siblings, usual));
  // Of an instance that does not report, only faults that an application must have answered itself are its own.
  if (target.reporter === undefined) return callersAgree && byCallers.faults > byCallers.unanswered * 2;
  const standsAlone = felt >= ALONE_FAULTS && felt >= CALLER_SHARE * own.calls;
  return (callersAgree && felt >= (usual.isRelapse ? 1 : OWN_FAULTS)) || standsAlone;
}

function speaksAgainst(calls: Tally, siblings: readonly Evidence[], usual: Usual): boolean {
  const seen = faultsOf(calls, siblings);
  if (seen === 0) return false;
  const isClear = isBeyondChance(seen, calls.calls, usual, (tally) => faultsOf(tally, []));
  if (isClear === undefined) return seen >= CALLER_FAULTS && seen >= CALLER_SHARE * calls.calls;
  const enough = seen >= MOST * calls.calls ? CLEAR_FAULTS : CALLER_FAULTS;
  return isClear && seen >= (usual.isRelapse ? 1 : enough) && seen >= CLEAR_SHARE * calls.calls;
}

/** Since the first second with a fault, if others followed in later ones: then they are no single burst. */
function failingSince({ target, seen }: Evidence, { wasInTrouble }: Scene): { readonly since?: number } {
  const seconds = seen.secondsIn(seen.depth, (tally) => tally.faults > 0);
  return seconds.length < 2 && !wasInTrouble(target.ref) ? {} : { since: 1000 * Math.min(...seconds) };
}

/** An instance whose own calls to others fail passes on a fault; the alarm belongs to the one behind it. */
function isExplained({ outgoing }: Evidence): boolean {
  return outgoing.some((made) => {
    const failed = made.faults + made.unanswered;
    return failed >= CLEAR_FAULTS && failed >= CALLER_SHARE * made.calls;
  });
}

function describe({ target, byCallers, own }: Evidence, seen: number, felt: number): string {
  const name = target.ref.instanceId;
  const callers = `callers saw ${seen} of ${byCallers.calls} calls fail (${percent(seen, byCallers.calls)})`;
  if (target.reporter === undefined) return `${name}: ${callers}; it sends no reports of its own.`;
  return `${name}: ${callers}, and it counted ${felt} of ${own.calls} itself.`;
}
