import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Checkpoints, EventStore, type Follower, ProcessRunner, ReactionRunner, Timers } from '@rookery/eventsourcing';
import { Database, type Transaction } from '@rookery/postgres';
import { Clock, Random, Scheduler } from '@rookery/runtime';
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
  private readonly projections: ProjectionRunner[] = [];

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
  ) {}

  /** How far each is behind the log, by the name of its task; as of the last look of the instance that runs it. */
  get lags(): ReadonlyMap<string, number> {
    return new Map([...this.running].map(([name, { lag }]) => [name, lag]));
  }

  async onApplicationBootstrap(): Promise<void> {
    for (const { instance } of this.discovery.getProviders()) {
      if (instance instanceof Process) this.runProcess(instance as Process);
      else if (instance instanceof Reaction) this.runReaction(instance);
      else if (instance instanceof Projection) await this.runProjection(instance);
    }
  }

  /** Settles when the read models have caught up. */
  async caughtUp(signal: AbortSignal): Promise<void> {
    await Promise.all(this.projections.map((one) => one.caughtUp(signal)));
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
    this.projections.push(runner);
    this.run(runner.name, runner);
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
