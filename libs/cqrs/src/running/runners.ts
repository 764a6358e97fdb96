import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Checkpoints, EventStore, ProcessRunner, ReactionRunner, type StepCall, Timers } from '@rookery/eventsourcing';
import { Database, type Transaction } from '@rookery/postgres';
import { type CallScope, runInScope } from '@rookery/rpc';
import { Clock, Random, Scheduler } from '@rookery/runtime';
import { Drain, Finds, Readiness, type Requirement } from '@rookery/service-kit';
import { LedTasks } from './led-tasks.js';
import { Process } from './process.js';
import { Projection } from './projection.js';
import { ProjectionRunner } from './projection-runner.js';
import { Reaction } from './reaction.js';

/** Finds the projections, processes and reactions among the providers, and has one instance of the service run each. */
@Injectable()
@Finds({ module: 'EventSourcingModule.forRoot', types: [Process, Projection, Reaction] })
export class Runners implements OnApplicationBootstrap {
  private readonly projections: ProjectionRunner[] = [];
  /** The names of processes and reactions, under which their checkpoints and timers are. */
  private readonly names = new Set<string>();
  private readonly requirement: Requirement;
  private readonly stopping = new AbortController();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly tasks: LedTasks,
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly checkpoints: Checkpoints<Transaction>,
    private readonly timers: Timers<Transaction>,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly scheduler: Scheduler,
    readiness: Readiness,
    drain: Drain,
  ) {
    this.requirement = readiness.require('read models');
    drain.add({ name: 'read models', stop: () => this.stopping.abort() });
  }

  async onApplicationBootstrap(): Promise<void> {
    for (const { instance } of this.discovery.getProviders()) {
      if (instance instanceof Process) this.runProcess(instance as Process);
      else if (instance instanceof Reaction) this.runReaction(instance);
      else if (instance instanceof Projection) await this.runProjection(instance);
    }
    // Not waited for: an instance that fills its read models is there already, and only not ready.
    void this.becomeReady();
  }

  /** Ready is who can answer queries: the read models of this version, whichever instance fills them, are up to date. */
  private async becomeReady(): Promise<void> {
    const { signal } = this.stopping;
    for (const projection of this.projections) {
      this.requirement.unmet(`${projection.name} is being filled`);
      await projection.caughtUp(signal);
    }
    if (!signal.aborted) this.requirement.met();
  }

  private runProcess(process: Process): void {
    const { manager } = process;
    this.claim(manager.name);
    const report = this.reporter(`process ${manager.name}`);
    const runner = new ProcessRunner({
      ...{ ...this.ports(), manager, report },
      perform: (step, call) => runInScope(scopeOf(call), () => process.perform(step, call)),
    });
    this.tasks.add(`process ${manager.name}`, runner);
  }

  private runReaction(reaction: Reaction): void {
    this.claim(reaction.name);
    const name = `reaction ${reaction.name}`;
    this.tasks.add(name, new ReactionRunner({ ...this.ports(), reaction, report: this.reporter(name) }));
  }

  private async runProjection(projection: Projection): Promise<void> {
    const runner = new ProjectionRunner({
      ...{ ...this.ports(), projection, database: this.database },
      report: this.reporter(`projection ${projection.name}`),
    });
    await runner.create();
    this.projections.push(runner);
    this.tasks.add(runner.name, runner);
  }

  private claim(name: string): void {
    if (this.names.has(name))
      throw new TypeError(`two tasks are called ${name}: each would read the other's checkpoint`);
    this.names.add(name);
  }

  private ports() {
    const { checkpoints, clock, random, scheduler, store, timers } = this;
    return { checkpoints, clock, random, scheduler, store, timers };
  }

  private reporter(name: string): (error: unknown, about?: string) => void {
    return (error, about) => this.tasks.report(name, error, about);
  }
}

/** What a step calls belongs to the trace of what led to it, and ends with the leadership. */
function scopeOf({ cause, signal }: StepCall): CallScope {
  return { deadlineAt: undefined, traceparent: cause.traceparent, principal: undefined, attempt: 0, signal };
}
