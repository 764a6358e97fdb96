import type { Member } from '../presence/fleet.js';
import { instanceKey, type LinkState, runKey } from '../traffic/report.js';
import { lastAnswered, type Stretch } from './stretch.js';

/** What a caller reports of its connection to a target. */
export interface Connection {
  readonly state: LinkState;
  /** Since when; monotonic. */
  readonly since: number;
}

/** Calls are reported up to this long after they ended. */
export const REPORT_MS = 1000;

/** What members report of their connections: by run of the target, then by key of the caller. */
export function connectionsOf(members: readonly Member[]): ReadonlyMap<string, ReadonlyMap<string, Connection>> {
  const all = new Map<string, Map<string, Connection>>();
  for (const { ref, reporter } of members) {
    if (reporter === undefined) continue;
    const caller = instanceKey(ref);
    for (const { target, state, lastedMs } of reporter.links) {
      const key = runKey(target);
      const ofTarget = all.get(key) ?? new Map<string, Connection>();
      all.set(key, ofTarget.set(caller, { state, since: reporter.lastReportAt - lastedMs }));
    }
  }
  return all;
}

/** The connection if it is lost and nothing has travelled since; calls may still get through by plain gRPC. */
export function lostConnection(
  connection: Connection | undefined,
  answeredAt: number | undefined,
): Connection | undefined {
  if (connection?.state !== 'down' && connection?.state !== 'suspect') return undefined;
  return answeredAt === undefined || answeredAt <= connection.since + REPORT_MS ? connection : undefined;
}

/** Leaves out the calls that waited for a lost way: how they ended says nothing of the target. */
export function withoutLostCalls(stretch: Stretch, connection: Connection | undefined, second: number): Stretch {
  if (lostConnection(connection, lastAnswered([stretch], second)) !== undefined)
    return { ...stretch, since: Number.POSITIVE_INFINITY };
  if (connection?.state !== 'up') return stretch;
  return { ...stretch, since: Math.max(stretch.since, Math.ceil((connection.since + REPORT_MS) / 1000)) };
}
