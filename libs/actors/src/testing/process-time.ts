import { type Cancellable, Scheduler } from '@rookery/runtime';

interface Task {
  readonly run: () => void;
  readonly repeats: boolean;
  handle: Cancellable | undefined;
}

/**
 * The scheduler of one process of a simulation, on the scheduler of all. It can stand still while the clock goes on, as a
 * process that is not given the CPU; what fell due meanwhile runs afterwards, in that order. Or it ends for good.
 */
export class ProcessTime extends Scheduler {
  private readonly tasks = new Set<Task>();
  private held: Task[] = [];
  private isHeld = false;
  private hasEnded = false;

  constructor(private readonly time: Scheduler) {
    super();
  }

  /** How many timers and macrotasks of this process are still to run. */
  get pending(): number {
    return this.tasks.size;
  }

  get isPaused(): boolean {
    return this.isHeld;
  }

  pause(): void {
    this.isHeld = true;
  }

  resume(): void {
    this.isHeld = false;
    this.catchUp();
  }

  /** Nothing runs any more. */
  end(): void {
    this.hasEnded = true;
    for (const task of this.tasks) task.handle?.cancel();
    this.tasks.clear();
    this.held = [];
  }

  microtask(run: () => void): void {
    if (this.hasEnded) return;
    const task = { run, repeats: false, handle: undefined };
    this.tasks.add(task);
    // It belongs to what runs now, even when that has waited.
    this.time.microtask(() => (this.isHeld ? this.due(task) : this.run(task)));
  }

  macrotask(run: () => void): Cancellable {
    return this.schedule({ run, repeats: false, handle: undefined }, (due) => this.time.macrotask(due));
  }

  timer(delayMs: number, run: () => void): Cancellable {
    return this.schedule({ run, repeats: false, handle: undefined }, (due) => this.time.timer(delayMs, due));
  }

  interval(periodMs: number, run: () => void): Cancellable {
    return this.schedule({ run, repeats: true, handle: undefined }, (due) => this.time.interval(periodMs, due));
  }

  private schedule(task: Task, start: (due: () => void) => Cancellable): Cancellable {
    if (this.hasEnded) return { cancel: () => undefined };
    this.tasks.add(task);
    task.handle = start(() => this.due(task));
    return {
      cancel: () => {
        task.handle?.cancel();
        this.tasks.delete(task);
      },
    };
  }

  private due(task: Task): void {
    if (!this.isHeld && this.held.length === 0) this.run(task);
    // Rounds that were missed are not made up for.
    else if (!this.held.includes(task)) this.held.push(task);
  }

  /** One after the other, each with all that follows from it. */
  private catchUp(): void {
    const [task] = this.held;
    if (this.isHeld || task === undefined) return;
    this.run(task);
    this.held.shift();
    if (this.held.length > 0) this.time.macrotask(() => this.catchUp());
  }

  private run(task: Task): void {
    if (!this.tasks.has(task)) return;
    if (!task.repeats) this.tasks.delete(task);
    task.run();
  }
}
