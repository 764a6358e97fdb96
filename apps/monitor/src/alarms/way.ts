import type { Member } from '../presence/fleet.js';
import type { CallerEvidence, Evidence } from './evidence.js';
import { lostConnection, REPORT_MS } from './connection.js';
import { hasRealWaits, REAL_WAIT_MS } from './faults.js';
import { slowWay } from './slow-way.js';
import { settledSecond } from './stretch.js';
import { DEADLINE_EXCEEDED, type Tally } from '../traffic/tally.js';

/** How one caller gets to one target. */
export interface Way {
  readonly caller: Member;
  readonly target: Member;
  readonly verdict: 'bad' | 'good' | 'unknown';
  /** A bad way on which calls only take long. */
  readonly isSlow: boolean;
  /** When the trouble began; monotonic. */
  readonly since: number;
  readonly reason: string;
}

interface Trouble {
  readonly since: number;
  /** A target that has reported at or after this moment has outlived the beginning of the trouble. */
  readonly outlivedAt: number;
  readonly reason: string;
}

const LOST_CALLS = 3;
const LOST_SHARE = 0.2;
const GOOD_CALLS = 3;
/** A report that was under way when the trouble began is no proof that its sender outlived it. */
const UNDER_WAY_MS = 500;
/** A link is suspect when it has been silent for 2.5 s; the last ping that was not answered was sent 0.75 s before. */
const SUSPECT_AFTER_MS = 2500;
const LAST_PING_MS = 750;

/** Bad only if the target has shown, after the trouble began, that it lives: a dead one is silent, not cut off. */
export function judgeWay(evidence: Evidence, from: CallerEvidence, siblings: readonly Evidence[], at: number): Way {
  const { target } = evidence;
  const way = { caller: from.caller, target, since: at, isSlow: false, reason: '' };
  const lost = linkTrouble(from, settledSecond(target) * 1000) ?? callTrouble(evidence, from);
  const trouble = lost ?? slowTrouble(evidence, from, siblings, at);
  if (trouble !== undefined) {
    const { since, reason } = trouble;
    const outlived = target.reporter === undefined || target.reporter.lastReportAt >= trouble.outlivedAt;
    if (!evidence.isFresh || !outlived) return { ...way, verdict: 'unknown' };
    return { ...way, since, reason, isSlow: lost === undefined, verdict: 'bad' };
  }
  return { ...way, verdict: isGood(from) ? 'good' : 'unknown' };
}

/** After a start or a stand-still of the target, callers first have to find it again: until `settledAt` no way is missed. */
function linkTrouble({ caller, connection, answeredAt }: CallerEvidence, settledAt: number): Trouble | undefined {
  const lost = lostConnection(connection, answeredAt);
  if (lost === undefined) return undefined;
  const { state, since } = lost;
  const reason = `${caller.ref.instanceId}: connection ${state}`;
  if (state === 'down' || since - SUSPECT_AFTER_MS < settledAt) {
    const missedSince = Math.max(settledAt, since);
    return { since: missedSince, outlivedAt: missedSince + UNDER_WAY_MS, reason };
  }
  // The suspicion comes after a long silence: nothing more need be waited for.
  return { since: since - SUSPECT_AFTER_MS, outlivedAt: since - LAST_PING_MS, reason };
}

/** For ways that report no connection, such as plain gRPC and HTTP. One that is up answers pings, so calls are held, not lost. */
function callTrouble(
  { own }: Evidence,
  { calls, caller, connection, unansweredSince }: CallerEvidence,
): Trouble | undefined {
  if (connection?.state === 'up' || unansweredSince === undefined) return undefined;
  const lost = unanswered(calls);
  // What the target counted itself was answered by it, or held by it; any caller may have met it.
  const unexplained = lost - own.unanswered - own.slowerThan(REAL_WAIT_MS);
  if (unexplained < LOST_CALLS || lost < LOST_SHARE * calls.calls) return undefined;
  // The calls ended somewhere in that second.
  const since = unansweredSince + REPORT_MS;
  return {
    since,
    outlivedAt: since + UNDER_WAY_MS,
    reason: `${caller.ref.instanceId}: ${lost} of ${calls.calls} calls unanswered`,
  };
}

function slowTrouble(
  evidence: Evidence,
  from: CallerEvidence,
  siblings: readonly Evidence[],
  at: number,
): Trouble | undefined {
  const reason = slowWay(evidence, from, siblings);
  return reason === undefined ? undefined : { since: at, outlivedAt: at - REPORT_MS - UNDER_WAY_MS, reason };
}

/** Deadlines count only after real waits: a caller in a hurry proves nothing. */
function unanswered(calls: Tally): number {
  return hasRealWaits(calls) ? calls.unanswered : calls.unanswered - calls.count(DEADLINE_EXCEEDED);
}

function isGood({ connection, latest }: CallerEvidence): boolean {
  if (connection?.state === 'up') return latest.unanswered === 0;
  return latest.calls >= GOOD_CALLS && latest.unanswered === 0;
}
