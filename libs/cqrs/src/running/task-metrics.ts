import { Injectable } from '@nestjs/common';
import type { Obstacle } from '@rookery/eventsourcing';
import { Metrics, type Reading, type StoppedTask, StoppedTasks } from '@rookery/telemetry';
import { LedTasks } from './led-tasks.js';

/** Puts the led tasks of this service on /metrics, and those that stand still into the reports. */
@Injectable()
export class TaskMetrics {
  constructor(metrics: Metrics, stopped: StoppedTasks, tasks: LedTasks) {
    stopped.observe(() => tasks.names.flatMap((task) => stoppedTask(task, tasks.stoppedBy(task))));
    metrics.registerGauge({
      name: 'rookery_tasks_led',
      help: 'Whether this instance runs the task: 1 or 0. Over all instances of a service it is 1, or for a moment 0.',
      labels: ['task'],
      read: () => tasks.names.map((task) => ({ labels: { task }, value: tasks.isLeader(task) ? 1 : 0 })),
    });
    metrics.registerGauge({
      name: 'rookery_tasks_stopped',
      help: 'Always 1; there while a task cannot get past an error, at an instance that runs it or tries to.',
      labels: ['task', 'code'],
      read: () => tasks.names.flatMap((task) => stoppedReading(task, tasks.stoppedBy(task)?.code)),
    });
    metrics.registerGauge({
      name: 'rookery_log_lag_positions',
      help: 'Positions of the log that a task has not come to yet, as of its last look; shown by the instance that runs it.',
      labels: ['task'],
      read: () => tasks.names.flatMap((task) => readingOf(task, tasks.ledHere(task)?.lag)),
    });
    metrics.registerGauge({
      name: 'rookery_tasks_failing_steps',
      help: 'Steps of a process, or times of a reaction, that have come to nothing ten times or more; shown by the instance that runs it.',
      labels: ['task'],
      read: () => tasks.names.flatMap((task) => readingOf(task, tasks.ledHere(task)?.failing)),
    });
  }
}

function readingOf(task: string, value: number | undefined): readonly Reading[] {
  return value === undefined ? [] : [{ labels: { task }, value }];
}

function stoppedReading(task: string, code: string | undefined): readonly Reading[] {
  return code === undefined ? [] : [{ labels: { task, code }, value: 1 }];
}

function stoppedTask(task: string, obstacle: Obstacle | undefined): readonly StoppedTask[] {
  return obstacle === undefined ? [] : [{ task, ...obstacle }];
}
