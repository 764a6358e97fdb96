import { Clock } from '../clock.js';
import { type Cancellable, Scheduler } from '../scheduler.js';
import { type DueTask, DueTasks } from './due-tasks.js';

const EPOCH = Date.UTC(2026, 0, 1);

/**
 * A clock and a scheduler that stand still until a test moves them. Equal seeds and equal calls give equal runs: tasks
 * due at the same instant run in the order they were scheduled, microtasks before everything else.
 */
export class VirtualTime extends Scheduler {
  private elapsedMs = 0;
  private order = 0;
  private readonly microtasks: (() => void)[] = [];
  private readonly entries = new DueTasks();
  private wanted = 0;

  readonly clock: Clock = new VirtualClock(() => this.elapsedMs);

  /** How many timers and macrotasks are still to run. */
  get pending(): number {
    return this.wanted;
  }

  microtask(task: () => void): void {
    this.microtasks.push(task);
  }

  macrotask(task: () => void): Cancellable {
    return this.schedule(0, undefined, task);
  }

  timer(delayMs: number, task: () => void): Cancellable {
    return this.schedule(Math.max(0, delayMs), undefined, task);
  }

  interval(periodMs: number, task: () => void): Cancellable {
    if (!(periodMs > 0)) throw new RangeError(`an interval needs a period above 0 ms, got ${periodMs}`);
    return this.schedule(periodMs, periodMs, task);
  }

  /** Moves time forward by `durationMs`, running what falls due at the instant it falls due. */
  advance(durationMs: number): void {
    const until = this.elapsedMs + durationMs;
    this.drainMicrotasks();
    for (let entry = this.entries.take(until); entry !== undefined; entry = this.entries.take(until)) this.run(entry);
    this.elapsedMs = until;
  }

  /** Like `advance`, but lets promises settle after each step, so that async code under test sees the same order. */
  async advanceAsync(durationMs: number): Promise<void> {
    const until = this.elapsedMs + durationMs;
    await this.settle();
    for (let entry = this.entries.take(until); entry !== undefined; entry = this.entries.take(until)) {
      this.run(entry);
      await this.settle();
    }
    this.elapsedMs = until;
  }

  private run(entry: DueTask): void {
    this.elapsedMs = Math.max(this.elapsedMs, entry.at);
    if (entry.periodMs === undefined) this.off(entry);
    else this.entries.add({ ...entry, at: entry.at + entry.periodMs, order: this.order++ });
    entry.task();
    this.drainMicrotasks();
  }

  private schedule(delayMs: number, periodMs: number | undefined, task: () => void): Cancellable {
    const at = this.elapsedMs + delayMs;
    const entry: DueTask = { at, order: this.order++, periodMs, task, switch: { isOff: false } };
    this.entries.add(entry);
    this.wanted++;
    return { cancel: () => this.off(entry) };
  }

  private off(entry: DueTask): void {
    if (!entry.switch.isOff) this.wanted--;
    entry.switch.isOff = true;
  }

  private drainMicrotasks(): void {
    for (let task = this.microtasks.shift(); task !== undefined; task = this.microtasks.shift()) task();
  }

  private async settle(): Promise<void> {
    // A chain of awaits under test resolves one link per turn; 20 is deeper than any chain in the kernels.
    for (let turn = 0; turn < 20; turn++) {
      this.drainMicrotasks();
      await Promise.resolve();
    }
    this.drainMicrotasks();
  }
}

class VirtualClock extends Clock {
  constructor(private readonly elapsed: () => number) {
    super();
  }

  now(): number {
    return EPOCH + Math.floor(this.elapsed());
  }

  monotonic(): number {
    return this.elapsed();
  }
}
