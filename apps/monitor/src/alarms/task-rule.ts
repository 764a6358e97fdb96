import type { Member } from '../presence/fleet.js';
import { groupBy } from '../traffic/grouping.js';
import type { StoppedTask } from '../traffic/report.js';
import type { AlarmRule, Finding } from './finding.js';

interface Stopped extends StoppedTask {
  readonly instance: string;
}

/**
 * A task that one instance runs for its whole service cannot get past an error. Whoever fails gives the task to another, which
 * fails at the same event, so the service is named, and with each task who has reported it.
 */
export const taskRule: AlarmRule = {
  name: 'TaskStopped',
  cause: 'task',
  severity: 'critical',
  // A database or a neighbour that is back by then was no obstacle.
  forMs: 10_000,
  keepFiringMs: 5000,
  forgetMs: 60_000,
  examine: ({ members }) => {
    const reporting = members.filter(({ standing }) => standing === 'reporting');
    return [...groupBy(reporting, ({ ref }) => ref.service)].map(([service, some]) => examineOne(service, some));
  },
};

function examineOne(service: string, members: readonly Member[]): Finding {
  const stopped = members.flatMap(stoppedAt);
  const subject = { service, instance: '' };
  const [first] = stopped;
  if (first === undefined)
    return { ...subject, verdict: 'good', summary: `No task of ${service} stands still.`, facts: {} };
  const others = new Set(stopped.map(({ task }) => task)).size - 1;
  const more = others === 0 ? '' : ` So do ${others} more of its tasks.`;
  const summary = `${service}: ${describe(first)}${more}`;
  return { ...subject, verdict: 'bad', summary, facts: { tasks: stopped.map(describe).join(' ') } };
}

function stoppedAt({ ref, reporter }: Member): readonly Stopped[] {
  return (reporter?.stoppedTasks ?? []).map((one) => ({ ...one, instance: ref.instanceId }));
}

function describe({ code, instance, reason, task }: Stopped): string {
  return `${task} stands still at ${instance} (${code}): ${reason}.`;
}
