import { fullJitter } from '@rookery/resilience';
import type { Cancellable, Clock, Random, Scheduler } from '@rookery/runtime';

/** One process of the cluster: what is started, and as whom. */
export interface ProcessPlan {
  /** Unique in the cluster and kept over restarts; the instance id of a service. */
  readonly id: string;
  readonly service: string;
  /** Path of the script. */
  readonly entry: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Processes of a lower stage are needed by those of a higher one, and stop after them. */
  readonly stage: number;
  /** Id of a process that must have been ready before this one is started. */
  readonly needs?: string;
}

/** What a process tells through its channel when it can be used. */
export interface ReadyMessage {
  readonly type: 'ready';
  readonly service: string;
  readonly id: string;
  readonly pid: number;
  readonly grpc?: number;
  readonly http?: number;
}

export interface ChildListener {
  onLine(line: string): void;
  onReady(message: ReadyMessage): void;
  /** The process is gone; `how` says in words how it ended. Called once. */
  onExit(how: string, code: number | undefined): void;
}

export interface Child {
  readonly pid: number;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/** Starts processes. */
export abstract class Spawner {
  abstract spawn(plan: ProcessPlan, listener: ChildListener): Child;
}

export type ProcessState = 'held' | 'starting' | 'ready' | 'waiting' | 'refused' | 'stopping' | 'stopped';

/** What became of a process, for whoever shows it. */
export interface ProcessObserver {
  line(plan: ProcessPlan, line: string): void;
  /** Words for people about a start, an end or a wait. */
  notice(plan: ProcessPlan, text: string, isBad: boolean): void;
  /** State, pid or ports changed. */
  changed(): void;
}

const RESTART = { baseMs: 200, capMs: 10_000 };
/** A process that was ready for this long has recovered: the next delay is the first one again. */
const RECOVERED_AFTER_MS = 20_000;
/** sysexits.h EX_CONFIG: what the process was told is wrong, and starting it again tells it the same. */
const EXIT_CONFIG = 78;

/** Keeps one process running until it is told to stop: restarts what ends, with growing, jittered delays. */
export class SupervisedProcess {
  private child: Child | undefined;
  private current: ProcessState = 'held';
  private failures = 0;
  private readyAt: number | undefined;
  private wait: Cancellable | undefined;
  private isKept = true;
  private lastLine: string | undefined;
  private whenGone: (() => void)[] = [];

  /** What the process said when it became ready; undefined while it is not. */
  ready: ReadyMessage | undefined;
  /** The process ended because its settings are wrong; true for good, also when all the others are stopped. */
  isRefused = false;

  constructor(
    readonly plan: ProcessPlan,
    private readonly spawner: Spawner,
    private readonly observer: ProcessObserver,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly scheduler: Scheduler,
  ) {}

  get state(): ProcessState {
    return this.current;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** What the process wrote last. */
  get lastWords(): string {
    return this.lastLine ?? `${this.plan.id} ended without a word`;
  }

  start(): void {
    this.current = 'starting';
    this.readyAt = undefined;
    const listener: ChildListener = {
      onLine: (line) => {
        this.lastLine = line;
        this.observer.line(this.plan, line);
      },
      onReady: (message) => this.onReady(message),
      onExit: (how, code) => this.onExit(how, code),
    };
    this.child = this.spawner.spawn(this.plan, listener);
    this.observer.changed();
  }

  /** From now on an end is an end: the process is not started again. */
  letGo(): void {
    this.isKept = false;
    this.wait?.cancel();
    if (this.current === 'waiting' || this.current === 'held') this.become('stopped');
  }

  /** Resolves when the process is gone: by itself after SIGTERM, or killed after `limitMs`. */
  stop(limitMs: number): Promise<void> {
    this.letGo();
    const child = this.child;
    if (child === undefined) {
      this.become('stopped');
      return Promise.resolve();
    }
    this.become('stopping');
    child.kill('SIGTERM');
    const limit = this.scheduler.timer(limitMs, () => {
      this.observer.notice(this.plan, `did not stop within ${limitMs / 1000} s and was killed`, true);
      child.kill('SIGKILL');
    });
    return new Promise((resolve) =>
      this.whenGone.push(() => {
        limit.cancel();
        resolve();
      }),
    );
  }

  /** Ends the process at once. */
  kill(): void {
    this.letGo();
    if (this.child === undefined) return this.become('stopped');
    this.become('stopping');
    this.child.kill('SIGKILL');
  }

  private onReady(message: ReadyMessage): void {
    if (this.current !== 'starting') return;
    this.ready = message;
    this.readyAt = this.clock.monotonic();
    if (this.failures > 0) this.observer.notice(this.plan, 'is back', false);
    this.become('ready');
  }

  private onExit(how: string, code: number | undefined): void {
    this.child = undefined;
    this.ready = undefined;
    if (!this.isKept) {
      if (this.current !== 'stopping') this.observer.notice(this.plan, how, true);
      this.become('stopped');
      for (const gone of this.whenGone.splice(0)) gone();
      return;
    }
    if (code === EXIT_CONFIG) {
      this.observer.notice(this.plan, `${how}: its settings are wrong, so it is not started again`, true);
      this.isRefused = true;
      return this.become('refused');
    }
    this.waitAndRestart(how);
  }

  private waitAndRestart(how: string): void {
    const readyForMs = this.readyAt === undefined ? 0 : this.clock.monotonic() - this.readyAt;
    this.failures = readyForMs >= RECOVERED_AFTER_MS ? 1 : this.failures + 1;
    const delayMs = Math.round(fullJitter(this.failures, RESTART, this.random));
    this.observer.notice(this.plan, `${how}; starting it again in ${delayMs} ms`, true);
    this.wait = this.scheduler.timer(delayMs, () => this.start());
    this.become('waiting');
  }

  private become(state: ProcessState): void {
    this.current = state;
    this.observer.changed();
  }
}
