import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Checkpoints, EventStore, type Follower, ProcessRunner, ReactionRunner, Timers } from '@rookery/eventsourcing';
import { Database, type Transaction } from '@rookery/postgres';
import { Clock, Random, Scheduler } from '@rookery/runtime';
import { Drain, Readiness } from '@rookery/service-kit';
import { Metrics, type Reading } from '@rookery/telemetry';
import { LedTasks } from './led-tasks.js';
import { Process } from './process.js';
import { Projection } from './projection.js';
import { ProjectionRunner } from './projection-runner.js';
import { Reaction } from './reaction.js';

interface Lagging extends Follower {
  readonly lag: number;
}

/** Finds the projections, processes and reactions among the providers, and has one instance of the service run each. */
@Injectable()
export class Runners implements OnApplicationBootstrap {
  private readonly running = new Map<string, Lagging>();
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
    private readonly readiness: Readiness,
    metrics: Metrics,
    drain: Drain,
  ) {
    drain.add({ name: 'read models', stop: () => this.stopping.abort() });
    metrics.registerGauge({
      name: 'rookery_log_lag_events',
      help: 'Events of the log that a task has not looked at yet, as of the last look of the instance that leads in it.',
      labels: ['task'],
      read: () => this.lags(),
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    for (const { instance } of this.discovery.getProviders()) {
      if (instance instanceof Process) this.runProcess(instance as Process);
      else if (instance instanceof Reaction) this.runReaction(instance);
      else if (instance instanceof Projection) await this.runProjection(instance);
    }
  }

  private *lags(): Iterable<Reading> {
    for (const [task, { lag }] of this.running) if (this.tasks.isLeader(task)) yield { labels: { task }, value: lag };
  }

  private runProcess(process: Process): void {
    const { manager } = process;
    const report = this.reporter(`process ${manager.name}`);
    const runner = new ProcessRunner({
      ...{ ...this.ports(), manager, report },
      perform: (step, call) => process.perform(step, call),
    });
    this.run(`process ${manager.name}`, runner);
  }

  private runReaction(reaction: Reaction): void {
    const name = `reaction ${reaction.name}`;
    this.run(name, new ReactionRunner({ ...this.ports(), reaction, report: this.reporter(name) }));
  }

  private async runProjection(projection: Projection): Promise<void> {
    const runner = new ProjectionRunner({ ...this.ports(), projection, database: this.database });
    await runner.create();
    this.run(runner.name, runner);
    // An update leaves nobody without answers: an instance whose read model is being filled is not called yet.
    const filled = this.readiness.require(runner.name);
    void runner.caughtUp(this.stopping.signal).then(
      () => filled.met(),
      (error: unknown) => this.tasks.report(runner.name, error),
    );
  }

  private run(name: string, follower: Lagging): void {
    this.running.set(name, follower);
    this.tasks.add(name, follower);
  }

  private ports() {
    const { checkpoints, clock, random, scheduler, store, timers } = this;
    return { checkpoints, clock, random, scheduler, store, timers };
  }

  private reporter(name: string): (error: unknown) => void {
    return (error) => this.tasks.report(name, error);
  }
}
