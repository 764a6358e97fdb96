import { type Cancellable, Scheduler } from '@rookery/runtime';
import { AggregateHost } from '../src/index.js';
import { account } from './account.js';
import type { AccountHost } from './bank.js';
import { DistantStore, type Weather } from './distant-store.js';

/** How long a host of the simulation takes its state for current. */
export const LEASE_MS = 500;

/** One life of a host. */
export interface HostLife {
  readonly name: string;
  readonly stream: string;
  readonly host: AccountHost;
  readonly bornAt: number;
}

/** A process in which aggregates are hosted. It may stand still, and it may be killed. */
export class HostingProcess {
  isPaused = false;
  isAlive = true;
  private readonly lives = new Map<string, HostLife>();
  /** What has reached the process while it stood still. */
  private readonly held: (() => void)[] = [];
  private born = 0;

  constructor(
    readonly name: string,
    private readonly weather: Weather,
  ) {}

  /** What arrives here: at once, when the process goes on, or never. */
  readonly arrive = (task: () => void): void => {
    if (!this.isAlive) return;
    if (this.isPaused) this.held.push(task);
    else task();
  };

  resume(): void {
    this.isPaused = false;
    for (const task of this.held.splice(0)) task();
  }

  kill(): void {
    this.isAlive = false;
  }

  lifeOf(stream: string): HostLife {
    const life = this.lives.get(stream) ?? this.begin(stream);
    this.lives.set(stream, life);
    return life;
  }

  /** It steps down; the next call finds another. */
  replace(life: HostLife): void {
    if (this.lives.get(life.stream) === life) this.lives.delete(life.stream);
  }

  private begin(stream: string): HostLife {
    const { breach, time } = this.weather;
    const name = `${this.name}.${++this.born}`;
    const host = new AggregateHost({
      ...{ aggregate: account, stream, clock: time.clock, scheduler: new OwnTime(time, this.arrive) },
      store: new DistantStore(this.weather, name, this.arrive),
      report: () => undefined, // A snapshot that could not be written: the next one will be.
      limits: { leaseMs: breach === 'trusts-for-ever' ? Infinity : LEASE_MS, batch: 4 },
    });
    return { name, stream, host, bornAt: time.clock.monotonic() };
  }
}

/** Timers as a process has them that may stand still. */
class OwnTime extends Scheduler {
  constructor(
    private readonly time: Scheduler,
    private readonly arrive: (task: () => void) => void,
  ) {
    super();
  }

  microtask(task: () => void): void {
    this.time.microtask(task);
  }

  macrotask(task: () => void): Cancellable {
    return this.time.macrotask(() => this.arrive(task));
  }

  timer(delayMs: number, task: () => void): Cancellable {
    return this.time.timer(delayMs, () => this.arrive(task));
  }

  interval(periodMs: number, task: () => void): Cancellable {
    return this.time.interval(periodMs, () => this.arrive(task));
  }
}
