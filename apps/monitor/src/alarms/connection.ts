import type { Member } from '../presence/fleet.js';
import { type LinkState, runKey } from '../traffic/report.js';
import { lastAnswered, type Stretch } from './stretch.js';

/** What a caller reports of its connection to a target. */
export interface Connection {
  readonly state: LinkState;
  /** Since when; monotonic. */
  readonly since: number;
}

/** Calls are reported up to this long after they ended. */
export const REPORT_MS = 1000;

export function connectionOf(caller: Member | undefined, target: Member): Connection | undefined {
  const key = runKey(target.ref);
  const link = caller?.reporter?.links.find((entry) => runKey(entry.target) === key);
  if (link === undefined || caller?.reporter === undefined) return undefined;
  return { state: link.state, since: caller.reporter.lastReportAt - link.lastedMs };
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
