import type { Member } from '../presence/fleet.js';
import type { CallerEvidence, Evidence } from './evidence.js';
import { hasRealWaits, REAL_WAIT_MS } from './faults.js';
import { settledSecond } from './stretch.js';
import { DEADLINE_EXCEEDED, type Tally } from '../traffic/tally.js';

/** How one caller gets to one target. */
export interface Way {
  readonly caller: Member;
  readonly target: Member;
  readonly verdict: 'bad' | 'good' | 'unknown';
  /** When the trouble began; monotonic. */
  readonly since: number;
  readonly reason: string;
}

interface Trouble {
  readonly since: number;
  readonly reason: string;
}

const LOST_CALLS = 3;
const LOST_SHARE = 0.2;
const GOOD_CALLS = 3;
/** A report that was under way when the trouble began is no proof that its sender outlived it. */
const UNDER_WAY_MS = 500;
const REPORT_MS = 1000;

/** Bad only if the target has shown, after the trouble began, that it lives: a dead one is silent, not cut off. */
export function judgeWay(evidence: Evidence, from: CallerEvidence, at: number): Way {
  const { target } = evidence;
  const way = { caller: from.caller, target, since: at, reason: '' };
  const trouble = linkTrouble(from, settledSecond(target) * 1000) ?? callTrouble(evidence, from);
  if (trouble !== undefined) {
    const outlived = target.reporter === undefined || target.reporter.lastReportAt >= trouble.since + UNDER_WAY_MS;
    return evidence.isFresh && outlived ? { ...way, ...trouble, verdict: 'bad' } : { ...way, verdict: 'unknown' };
  }
  return { ...way, verdict: isGood(from) ? 'good' : 'unknown' };
}

/** After a start or a stand-still of the target, callers first have to find it again: until `settledAt` no way is missed. */
function linkTrouble({ caller, link, answeredAt }: CallerEvidence, settledAt: number): Trouble | undefined {
  if (link === undefined || (link.state !== 'down' && link.state !== 'suspect')) return undefined;
  const since = Math.max(settledAt, (caller.reporter?.lastReportAt ?? 0) - link.lastedMs);
  // Calls that went before the trouble are reported up to a second after it; later ones travel over plain gRPC.
  if (answeredAt !== undefined && answeredAt > since + REPORT_MS) return undefined;
  return { since, reason: `${caller.ref.instanceId}: connection ${link.state}` };
}

/** For ways that report no connection, such as plain gRPC and HTTP. One that is up answers pings, so calls are held, not lost. */
function callTrouble({ own }: Evidence, { calls, caller, link, unansweredSince }: CallerEvidence): Trouble | undefined {
  if (link?.state === 'up' || unansweredSince === undefined) return undefined;
  const lost = unanswered(calls);
  // What the target counted itself was answered by it, or held by it; any caller may have met it.
  const unexplained = lost - own.unanswered - own.slowerThan(REAL_WAIT_MS);
  if (unexplained < LOST_CALLS || lost < LOST_SHARE * calls.calls) return undefined;
  // The calls ended somewhere in that second.
  const since = unansweredSince + REPORT_MS;
  return { since, reason: `${caller.ref.instanceId}: ${lost} of ${calls.calls} calls unanswered` };
}

/** Deadlines count only after real waits: a caller in a hurry proves nothing. */
function unanswered(calls: Tally): number {
  return hasRealWaits(calls) ? calls.unanswered : calls.unanswered - calls.count(DEADLINE_EXCEEDED);
}

function isGood({ link, latest }: CallerEvidence): boolean {
  if (link?.state === 'up') return latest.unanswered === 0;
  return latest.calls >= GOOD_CALLS && latest.unanswered === 0;
}
