import { Election, type Leadership } from '@rookery/eventsourcing';
import { type Random, type Scheduler, SystemRandom, SystemScheduler } from '@rookery/runtime';
import type { Database } from './database.js';
import type { Session } from './session.js';
import { unavailable } from './store-failure.js';

export interface PostgresElectionOptions {
  readonly random?: Random;
  readonly scheduler?: Scheduler;
  /** How often a process asks for what it waits for, and shows that it is alive; half of it up or down by chance. */
  readonly beatMs?: number;
  /** How long a beat may take, and how long the server hears of none, before the process leads no longer. */
  readonly patienceMs?: number;
}

interface Candidate {
  readonly task: string;
  readonly elect: (leadership: Leadership) => void;
  readonly reject: (reason: Error) => void;
}

interface Release {
  readonly task: string;
  readonly done: () => void;
}

const CHANNEL = 'rookery_election';
const keyOf = (task: string): string => `hashtextextended('rookery.election.' || ${task}, 0)`;

/**
 * Whoever holds a task's advisory lock leads in it. A process has one connection for all its tasks: that ends with the process, and
 * by the server's doing when a stopped process says nothing for `patienceMs`; then the locks are free. The locks are tried, never
 * waited for, because a statement that waits keeps old rows from being cleaned up. A release is told to those who wait.
 */
export class PostgresElection extends Election {
  private readonly random: Random;
  private readonly scheduler: Scheduler;
  private readonly beatMs: number;
  private readonly patienceMs: number;
  /** Among those who tell each other of releases. */
  private readonly name: string;
  private readonly candidates = new Set<Candidate>();
  private readonly led = new Map<string, AbortController>();
  private releases: Release[] = [];
  private session: Session | undefined;
  private obstacle: unknown;
  private isRunning = false;
  private isClosed = false;
  private isAwake = false;
  private endPause: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    options: PostgresElectionOptions = {},
  ) {
    super();
    this.random = options.random ?? new SystemRandom();
    this.name = String(this.random.int(2 ** 48));
    this.scheduler = options.scheduler ?? new SystemScheduler();
    this.beatMs = options.beatMs ?? 500;
    this.patienceMs = options.patienceMs ?? 4000;
  }

  get failure(): unknown {
    return this.obstacle;
  }

  lead(task: string, signal: AbortSignal): Promise<Leadership> {
    return new Promise((resolve, reject) => {
      if (this.isClosed) return reject(unavailable('the election is closed'));
      if (signal.aborted) return reject(signal.reason as Error);
      const end = (): void => {
        this.candidates.delete(candidate);
        signal.removeEventListener('abort', giveUp);
      };
      const giveUp = (): void => {
        end();
        reject(signal.reason as Error);
      };
      const candidate: Candidate = {
        task,
        elect: (leadership) => {
          end();
          resolve(leadership);
        },
        reject: (reason) => {
          end();
          reject(reason);
        },
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.candidates.add(candidate);
      this.start();
    });
  }

  /** Leads in nothing more, and waits for nothing more. */
  close(): void {
    this.isClosed = true;
    for (const { reject } of [...this.candidates]) reject(unavailable('the election is closed'));
    this.lose(new Error('the election was closed'));
    this.wake();
  }

  private wake(): void {
    this.isAwake = true;
    this.endPause();
  }

  private start(): void {
    this.wake();
    if (this.isRunning) return;
    this.isRunning = true;
    void this.run();
  }

  private async run(): Promise<void> {
    while (this.candidates.size + this.led.size + this.releases.length > 0) {
      try {
        const session = (this.session ??= await this.connect());
        const released = await this.giveBack(session);
        await this.tryAll(session, released);
      } catch (error) {
        this.obstacle = error;
        this.lose(error);
      }
      await this.pause();
    }
    this.lose(new Error('nobody wants to lead'));
    this.isRunning = false;
  }

  private async connect(): Promise<Session> {
    const timeouts = { statementTimeoutMs: this.patienceMs / 2, idleTimeoutMs: this.patienceMs };
    const session = await this.database.dedicated(timeouts);
    session.lost.addEventListener('abort', () => {
      if (session === this.session) this.lose(session.lost.reason);
    });
    session.onNotification((from) => {
      if (from !== this.name) this.wake();
    });
    try {
      await session.query({ text: `listen ${CHANNEL}` });
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  /** Gives the tasks that were free again a moment ago: others shall have a chance to take them first. */
  private async giveBack(session: Session): Promise<ReadonlySet<string>> {
    const releases = this.releases.splice(0);
    try {
      for (const { task } of releases) {
        const text = `select pg_advisory_unlock(${keyOf('$1')}), pg_notify('${CHANNEL}', $2)`;
        await session.query({ text, values: [task, this.name] });
      }
    } finally {
      for (const { done } of releases) done();
    }
    return new Set(releases.map(({ task }) => task));
  }

  /** A beat also where nothing is wanted. */
  private async tryAll(session: Session, released: ReadonlySet<string>): Promise<void> {
    const wanted = new Set([...this.candidates].map(({ task }) => task));
    const tasks = [...wanted].filter((task) => !this.led.has(task) && !released.has(task));
    const { rows } = await session.query<{ task: string }>({
      text: `select task from unnest($1::text[]) as task where pg_try_advisory_lock(${keyOf('task')})`,
      values: [tasks],
    });
    this.obstacle = undefined;
    for (const { task } of rows) this.elect(task);
  }

  private elect(task: string): void {
    const end = new AbortController();
    this.led.set(task, end);
    const release = (): Promise<void> => this.release(task, end);
    const candidate = [...this.candidates].find((one) => one.task === task);
    // All who wanted it have given up since it was asked for.
    if (candidate === undefined) void release();
    else candidate.elect({ signal: end.signal, release });
  }

  private release(task: string, end: AbortController): Promise<void> {
    if (end.signal.aborted) return Promise.resolve();
    end.abort(new Error(`it was released`));
    this.led.delete(task);
    return new Promise((done) => {
      this.releases.push({ task, done });
      this.start();
    });
  }

  /** With the connection go its locks, whatever the server knows of it yet. */
  private lose(reason: unknown): void {
    this.session?.close();
    this.session = undefined;
    for (const end of this.led.values()) end.abort(reason);
    this.led.clear();
    for (const { done } of this.releases.splice(0)) done();
  }

  private async pause(): Promise<void> {
    const beatMs = this.beatMs * (0.5 + this.random.next());
    if (!this.isAwake) {
      await new Promise<void>((resolve) => {
        const timer = this.scheduler.timer(beatMs, resolve);
        this.endPause = () => {
          timer.cancel();
          resolve();
        };
      });
    }
    this.isAwake = false;
  }
}
