import type { Clock, Random, Scheduler } from '@rookery/runtime';
import type { Command } from '../aggregate.js';
import type { Checkpoints } from '../checkpoints.port.js';
import { type DomainEvent, eventIdOf, type RecordedEvent } from '../event.js';
import type { EventStore } from '../event-store.port.js';
import type { ProcessManager, Step, StepHandler } from '../process.js';
import type { DueTimer, Timers } from '../timers.port.js';
import { follow } from './follow.js';
import { LogReader } from './log-reader.js';
import { ProcessHosts } from './process-hosts.js';
import { nextAttempt, type TimerOutcome, TimerRunner } from './timer-runner.js';

export interface ProcessRunnerParts<Tx, S, I extends Command, E extends DomainEvent, P extends Step> {
  readonly manager: ProcessManager<S, I, E, P>;
  readonly perform: StepHandler<P, I>;
  readonly store: EventStore;
  readonly checkpoints: Checkpoints<Tx>;
  readonly timers: Timers<Tx>;
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  /** Hears why a step came to nothing, and of which process; it is tried again. */
  readonly report: (error: unknown, about?: string) => void;
}

/**
 * Runs all processes of one kind: tells them what happened, and carries out their steps, many processes at once and each
 * one step after the other. A process that has something to do has a timer that is due, until it has not: so one that another
 * runner left in the middle goes on here. That a step is carried out twice is harmless by its command id, and what came of it
 * is written once, by the version of the process's stream.
 */
export class ProcessRunner<Tx, S, I extends Command, E extends DomainEvent, P extends Step> {
  private readonly hosts: ProcessHosts<S, I, E, P>;
  private readonly reader: LogReader<Tx>;
  private readonly runner: TimerRunner;

  constructor(private readonly parts: ProcessRunnerParts<Tx, S, I, E, P>) {
    const { manager, timers } = parts;
    const { name: task, sources } = manager;
    this.hosts = new ProcessHosts(parts);
    this.reader = new LogReader({
      ...{ ...parts, reader: task, sources },
      before: (events) => this.tell(events),
      apply: (events, transaction) =>
        timers.set(
          transaction,
          this.concerned(events).map((key) => ({ task, key })),
          [],
        ),
      after: () => this.runner.wake(),
    });
    this.runner = new TimerRunner({ ...parts, task, fire: (timer, signal) => this.goOn(timer, signal) });
  }

  /** Positions of the log that no process has been told of yet. */
  get lag(): number {
    return this.reader.lag;
  }

  /** Processes whose step has come to nothing many times. */
  get failing(): number {
    return this.runner.failing;
  }

  /** Runs until `signal` is aborted and the steps at hand have ended. Throws when it cannot go on; it may be begun again. */
  async follow(signal: AbortSignal, wentWell: () => void): Promise<void> {
    try {
      await follow([this.reader, this.runner], signal, wentWell);
    } finally {
      this.hosts.forgetAll();
    }
  }

  /** Events that concern one process are told in their order. */
  private async tell(events: readonly RecordedEvent[]): Promise<void> {
    // All of them first: what is thrown behind the first word would leave nobody to hear what becomes of that.
    const all = events.map((event) => ({ event, routed: this.parts.manager.route(event) }));
    const ends = new Map<string, Promise<void>>();
    for (const { event, routed } of all) {
      if (routed === undefined) continue;
      const told = (ends.get(routed.id) ?? Promise.resolve()).then(() => this.hosts.tell(routed, event));
      ends.set(routed.id, told);
    }
    await Promise.all(ends.values());
  }

  private concerned(events: readonly RecordedEvent[]): readonly string[] {
    return [...new Set(events.flatMap((event) => this.parts.manager.route(event)?.id ?? []))];
  }

  private async goOn({ attempts, key: id }: DueTimer, signal: AbortSignal): Promise<TimerOutcome> {
    let failed = attempts;
    while (!signal.aborted) {
      const current = await this.hosts.read(id);
      const { metadata: cause, version } = current;
      const step = this.parts.manager.next(current.state);
      if (step === undefined) return this.rest(id);
      const commandId = `${eventIdOf({ stream: this.hosts.streamOf(id), version })}/${step.name}`;
      let outcome: I;
      try {
        outcome = await this.parts.perform(step, { commandId, cause, attempts: failed, processId: id, signal });
      } catch (error) {
        if (signal.aborted) break;
        this.parts.report(error, `${id} at ${step.name}`);
        return nextAttempt(failed, this.parts.random);
      }
      await this.hosts.note(id, commandId, outcome, current);
      failed = 0;
    }
    return 'interrupted';
  }

  private rest(id: string): 'done' {
    this.hosts.forget(id);
    return 'done';
  }
}
