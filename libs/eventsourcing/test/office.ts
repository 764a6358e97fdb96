import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import {
  type Append,
  type EventMetadata,
  type Follower,
  LedTask,
  ProcessRunner,
  ReactionRunner,
  type StepHandler,
  type TimedReaction,
} from '../src/index.js';
import { InMemoryCheckpoints, InMemoryElection, InMemoryEventStore, InMemoryTimers } from '../src/testing/index.js';
import type { AccountEvent } from './account.js';
import { errand, type ErrandInput, type ErrandStep } from './errand.js';

/** One store with all that reads it, and the processes that want to. */
export class Office {
  readonly time = new VirtualTime();
  readonly store = new InMemoryEventStore(this.time.clock);
  readonly checkpoints = new InMemoryCheckpoints();
  readonly timers = new InMemoryTimers(this.time.clock);
  readonly election = new InMemoryElection();
  readonly reports: unknown[] = [];
  /** Of what happens from now on. */
  metadata: EventMetadata = {};
  private readonly versions = new Map<string, number>();
  readonly random = new SeededRandom(7);

  /** Appends to the account of somebody. */
  async happens(who: string, ...events: readonly AccountEvent[]): Promise<void> {
    const stream = `account-${who}`;
    const expectedVersion = this.versions.get(stream) ?? 0;
    this.versions.set(stream, expectedVersion + events.length);
    const append: Append = {
      ...{ stream, expectedVersion, commands: [] },
      events: events.map((event) => ({ event: { ...event }, schema: 1, metadata: this.metadata })),
    };
    await this.store.append(append);
  }

  processes(
    perform: StepHandler<ErrandStep, ErrandInput>,
    manager = errand,
  ): ProcessRunner<never, never, never, never, never> {
    return new ProcessRunner({ ...this.parts(), manager, perform }) as never;
  }

  reaction(reaction: TimedReaction): ReactionRunner<never> {
    return new ReactionRunner({ ...this.parts(), reaction }) as never;
  }

  /** A process that wants to lead in `task`. */
  led(task: string, { follow }: { follow: Follower['follow'] }): LedTask {
    const { election, random, time: scheduler } = this;
    const led = new LedTask({ task, election, random, scheduler, report: this.report }, follow);
    led.start();
    return led;
  }

  private parts() {
    const { checkpoints, random, report, store, time, timers } = this;
    return { checkpoints, random, report, store, timers, clock: time.clock, scheduler: time };
  }

  readonly report = (error: unknown): void => void this.reports.push(error);
}
