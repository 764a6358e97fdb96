import type { Clock, Scheduler } from '@rookery/runtime';
import { type ActorWork, WorkTally } from './work-tally.js';

/** Something that has messages to handle. */
export interface Runnable {
  /** Handles at most `limit` messages and tells how many; calls `RunQueue.add` again when there are more. */
  runTurn(limit: number): number;
}

export interface DispatchBudget {
  /** Messages between two turns of I/O. Default 10 000. */
  readonly messages?: number;
  /** Milliseconds between two turns of I/O, as far as handlers allow. Default 5. */
  readonly timeMs?: number;
  /** Messages of one actor before the next one gets its turn. Default 300. */
  readonly perActor?: number;
}

const FIRST_CAPACITY = 64;

/**
 * All actors of a system that have something to do, in the order in which they got it. They run in a microtask, so that a
 * message is handled as soon as its sender is done, and at most a budget of messages and of time between two turns of I/O:
 * then timers and sockets have theirs. It does nothing, and holds no timer, while no actor has anything to do.
 */
export class RunQueue {
  private ring = new Array<Runnable | undefined>(FIRST_CAPACITY).fill(undefined);
  private head = 0;
  private count = 0;
  private isDrainDue = false;
  private isRefillDue = false;
  private isRunning = false;
  private readonly budget: Required<DispatchBudget>;
  private left: number;
  private endsAt = 0;
  private readonly watch: TimeWatch;
  /** Called before the first work after a turn of I/O. */
  beforeWork: (() => void) | undefined;
  /** Called whenever nobody has anything to do any more. */
  onIdle: (() => void) | undefined;
  private readonly tally: WorkTally;

  constructor(
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    budget: DispatchBudget = {},
  ) {
    this.budget = { messages: 10_000, timeMs: 5, perActor: 300, ...budget };
    for (const [name, value] of Object.entries(this.budget)) {
      if (!(value >= 1)) throw new RangeError(`the budget's ${name} is at least 1, not ${value}`);
    }
    this.left = this.budget.messages;
    this.watch = new TimeWatch(clock);
    this.tally = new WorkTally(clock);
  }

  get isIdle(): boolean {
    return this.count === 0;
  }

  get work(): ActorWork {
    return this.tally;
  }

  add(runnable: Runnable): void {
    if (this.count === this.ring.length) this.grow();
    this.ring[(this.head + this.count++) & (this.ring.length - 1)] = runnable;
    if (!this.isDrainDue && !this.isRunning && this.left > 0) this.drainSoon();
  }

  private readonly drain = (): void => {
    this.isDrainDue = false;
    if (this.isRunning || this.count === 0) return;
    if (!this.isRefillDue) this.openBudget();
    this.isRunning = true;
    const timedFrom = this.tally.begin();
    try {
      while (this.count > 0 && this.left > 0) this.runNext();
    } finally {
      this.isRunning = false;
      this.tally.end(timedFrom);
      // A port that throws (a log, an observer) ends this round; the next one starts at the actor behind.
      if (this.count > 0 && this.left > 0) this.drainSoon();
    }
    if (this.count === 0) this.onIdle?.();
  };

  private runNext(): void {
    const handled = this.take().runTurn(Math.min(this.budget.perActor, this.left, this.watch.untilLook));
    this.tally.messages += handled;
    this.left = this.watch.isPast(this.endsAt, handled) ? 0 : this.left - handled;
  }

  private drainSoon(): void {
    this.isDrainDue = true;
    this.scheduler.microtask(this.drain);
  }

  /** The first work after a turn of I/O; the next turn of I/O comes before the macrotask that ends the budget. */
  private openBudget(): void {
    this.beforeWork?.();
    this.isRefillDue = true;
    this.left = this.budget.messages;
    this.endsAt = this.clock.monotonic() + this.budget.timeMs;
    this.scheduler.macrotask(this.refill);
  }

  private readonly refill = (): void => {
    this.isRefillDue = false;
    this.left = this.budget.messages;
    this.watch.restart();
    this.drain();
  };

  private take(): Runnable {
    const runnable = this.ring[this.head];
    if (runnable === undefined) throw new RangeError('the run queue is empty');
    this.ring[this.head] = undefined;
    this.head = (this.head + 1) & (this.ring.length - 1);
    this.count--;
    return runnable;
  }

  private grow(): void {
    const grown = new Array<Runnable | undefined>(this.ring.length * 2).fill(undefined);
    for (let index = 0; index < this.count; index++) {
      grown[index] = this.ring[(this.head + index) & (this.ring.length - 1)];
    }
    this.ring = grown;
    this.head = 0;
  }
}

const QUICK_MS = 0.5;
const LONGEST_STRIDE = 64;

/** Looks at the clock seldom while messages are quick, and after each one as soon as they are not: a look costs as much as a message. */
class TimeWatch {
  /** Messages until the next look. */
  untilLook = 1;
  private stride = 1;
  private lookedAt = 0;

  constructor(private readonly clock: Clock) {}

  restart(): void {
    this.stride = 1;
    this.untilLook = 1;
  }

  /** Whether the clock is known to be past `endsAt` after `handled` more messages. */
  isPast(endsAt: number, handled: number): boolean {
    this.untilLook -= handled;
    if (this.untilLook > 0) return false;
    const now = this.clock.monotonic();
    const isQuick = now - this.lookedAt < QUICK_MS;
    this.lookedAt = now;
    this.stride = isQuick ? Math.min(LONGEST_STRIDE, this.stride * 2) : 1;
    this.untilLook = this.stride;
    return now >= endsAt;
  }
}
