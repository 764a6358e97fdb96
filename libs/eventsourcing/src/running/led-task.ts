import { fullJitter } from '@rookery/resilience';
import { DomainError, type Random, type Scheduler } from '@rookery/runtime';
import type { Election, Leadership } from '../leadership.port.js';
import { Pause } from './pause.js';

export interface LedTaskParts {
  /** What the leadership is of. */
  readonly task: string;
  readonly election: Election;
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Hears of each failure; the task is begun again. */
  readonly report: (error: unknown) => void;
}

/** What a task cannot get past. */
export interface Obstacle {
  readonly code: string;
  /** For people: at which event, and why. */
  readonly reason: string;
}

const BACK_OFF = { baseMs: 100, capMs: 5000 };
/** Who is not elected in this time waits for another one that leads, and knows nothing of how the task fares. */
const ANOTHER_LEADS_MS = 3000;

/** Work that one process of many does: begun when this one is elected, again after a failure, until it is stopped. */
export class LedTask {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private leadership: AbortSignal | undefined;
  private failure: Obstacle | undefined;
  private isCandidate = false;

  constructor(
    private readonly parts: LedTaskParts,
    /** Goes on until `signal` is aborted. */
    private readonly work: (signal: AbortSignal, wentWell: () => void) => Promise<void>,
  ) {}

  /** False also while the work of a leadership that was lost is ending. */
  get isLeader(): boolean {
    return this.leadership?.aborted === false;
  }

  /**
   * The error that it could not get past here, or that keeps anybody from being elected; undefined when all is well, or when
   * another process sees to it.
   */
  get stoppedBy(): Obstacle | undefined {
    const { failure } = this.parts.election;
    return this.isCandidate && failure !== undefined ? obstacleIn(failure) : this.failure;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Settles when the work has ended and another process can take over. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    this.failure = undefined;
  }

  private async run(): Promise<void> {
    const { random, report, scheduler } = this.parts;
    const { signal } = this.stopping;
    const pause = new Pause(scheduler, signal);
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.lead(signal, () => {
          failures = 0;
          this.failure = undefined;
        });
      } catch (error) {
        // What a stop interrupts has not failed.
        if (!isAborted(signal)) {
          this.failure = obstacleIn(error);
          report(error);
        }
      }
      await pause.wait(fullJitter(++failures, BACK_OFF, random));
    }
  }

  private async lead(signal: AbortSignal, wentWell: () => void): Promise<void> {
    const leadership = await this.elected(signal);
    this.leadership = leadership.signal;
    try {
      await this.work(AbortSignal.any([signal, leadership.signal]), wentWell);
    } finally {
      this.leadership = undefined;
      await leadership.release();
    }
  }

  private async elected(signal: AbortSignal): Promise<Leadership> {
    const { election, scheduler, task } = this.parts;
    const patience = scheduler.timer(ANOTHER_LEADS_MS, () => (this.failure = undefined));
    this.isCandidate = true;
    try {
      return await election.lead(task, signal);
    } finally {
      this.isCandidate = false;
      patience.cancel();
    }
  }
}

function obstacleIn(error: unknown): Obstacle {
  const reason = error instanceof Error ? error.message : String(error);
  return { code: error instanceof DomainError ? error.code : 'INTERNAL', reason };
}

/** Asked again behind an `await`, where the compiler believes that nothing has changed. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
