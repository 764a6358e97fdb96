import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Election, type Follower, LedTask, type Obstacle } from '@rookery/eventsourcing';
import { DomainError, Random, Scheduler } from '@rookery/runtime';
import { Drain } from '@rookery/service-kit';

export interface Task extends Follower {
  /** Positions of its log that it has not come to, as of its last look, where it follows one. */
  readonly lag?: number;
  /** What it goes on with although it has come to nothing many times, where it does so. */
  readonly failing?: number;
}

interface Led {
  readonly task: LedTask;
  readonly follower: Task;
}

/** What does not pass by itself: somebody has to act, and this is where it says how. */
const STOPPED: ReadonlySet<string> = new Set(['EVENT_NOT_APPLIED', 'EVENT_NOT_HANDLED', 'LOG_REPLACED']);
const WAY_OUT = 'see "When a task stands still" in docs/guides/aggregates.md';

/** What one instance of the service does for all: each task is led by one, and another goes on when that one ends. */
@Injectable()
export class LedTasks implements OnApplicationBootstrap {
  private readonly logger = new Logger('Tasks');
  private readonly tasks = new Map<string, Led>();
  private isStarted = false;

  constructor(
    private readonly election: Election,
    private readonly scheduler: Scheduler,
    private readonly random: Random,
    drain: Drain,
  ) {
    const stop = async (): Promise<void> => {
      await Promise.all([...this.tasks.values()].map(({ task }) => task.stop()));
    };
    // Another instance leads while this one still serves its callers.
    drain.add({ name: 'led tasks', handOver: stop });
  }

  get names(): readonly string[] {
    return [...this.tasks.keys()];
  }

  isLeader(name: string): boolean {
    return this.ledHere(name) !== undefined;
  }

  /** The follower of a task that this instance runs; undefined of any other. */
  ledHere(name: string): Task | undefined {
    const led = this.tasks.get(name);
    return led?.task.isLeader === true ? led.follower : undefined;
  }

  /** The error that the task cannot get past at this instance. */
  stoppedBy(name: string): Obstacle | undefined {
    return this.tasks.get(name)?.task.stoppedBy;
  }

  add(name: string, follower: Task): void {
    if (this.tasks.has(name))
      throw new TypeError(`${name} is led already: two of one name would read each other's checkpoint`);
    const { election, random, scheduler } = this;
    const report = (error: unknown): void => this.report(name, error);
    const task = new LedTask({ task: name, election, random, scheduler, report }, (signal, wentWell) =>
      follower.follow(signal, wentWell),
    );
    this.tasks.set(name, { task, follower });
    if (this.isStarted) task.start();
  }

  /**
   * As a warning where it is tried again and may go well; as an error where it does not before somebody has acted. `about` says
   * of which of its many things the task speaks.
   */
  report(name: string, error: unknown, about?: string): void {
    const subject = about === undefined ? name : `${name}, ${about}`;
    const why = error instanceof Error ? error.message : String(error);
    const line = { task: name, err: error };
    if (error instanceof DomainError && STOPPED.has(error.code))
      this.logger.error({ ...line, msg: `${subject} stands still: ${why}; ${WAY_OUT}` });
    else this.logger.warn({ ...line, msg: `${subject}: ${why}` });
  }

  onApplicationBootstrap(): void {
    this.isStarted = true;
    for (const { task } of this.tasks.values()) task.start();
  }
}
