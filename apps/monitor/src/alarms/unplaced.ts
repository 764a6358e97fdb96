import type { Member } from '../presence/fleet.js';
import { groupBy } from '../traffic/grouping.js';
import { instanceKey } from '../traffic/report.js';
import type { Traffic } from '../traffic/traffic.js';
import { Calls } from './calls.js';
import { REACH_SECONDS, settledSecond } from './stretch.js';

/** Calls to one service that no instance could be found for. */
export interface Unplaced {
  readonly service: string;
  /** Who made them, by id. */
  readonly callers: readonly string[];
  /** How many there are of late, and how many in the very newest seconds. */
  readonly calls: number;
  readonly latest: number;
  /** Start of the first second with one; monotonic. */
  readonly since: number;
}

/** The second that has just begun holds few reports yet. */
const LATEST_SECONDS = 2;

/** Gathers, for each service, the calls that found no instance of it. */
export function gatherUnplaced(members: readonly Member[], traffic: Traffic, at: number): readonly Unplaced[] {
  const second = Math.floor(at / 1000);
  const speaking = members.filter(({ standing }) => standing === 'reporting');
  const byKey = new Map(speaking.map((member) => [instanceKey(member.ref), member]));
  const lost = [...traffic.edges()].filter(({ target }) => target.instanceId === '');
  return [...groupBy(lost, ({ target }) => target.service)].map(([service, edges]) => {
    const stretches = edges.flatMap(({ window, callerKey }) => {
      const caller = byKey.get(callerKey);
      return caller === undefined ? [] : [{ window, since: settledSecond(caller) }];
    });
    const calls = new Calls(stretches, second);
    const seconds = calls.secondsIn(REACH_SECONDS, (tally) => tally.calls > 0);
    return {
      service,
      callers: [...new Set(edges.map(({ caller }) => caller.instanceId))].sort(),
      calls: calls.reach.calls,
      latest: calls.over(LATEST_SECONDS).calls,
      since: 1000 * Math.min(second, ...seconds),
    };
  });
}
