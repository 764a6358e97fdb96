import { fullJitter } from '@rookery/resilience';
import type { Random, Scheduler } from '@rookery/runtime';
import type { Election } from '../leadership.port.js';
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

const BACK_OFF = { baseMs: 100, capMs: 5000 };

/** Work that one process of many does: begun when this one is elected, again after a failure, until it is stopped. */
export class LedTask {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private leadership: AbortSignal | undefined;

  constructor(
    private readonly parts: LedTaskParts,
    /** Goes on until `signal` is aborted. */
    private readonly work: (signal: AbortSignal, wentWell: () => void) => Promise<void>,
  ) {}

  /** False also while the work of a leadership that was lost is ending. */
  get isLeader(): boolean {
    return this.leadership?.aborted === false;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Settles when the work has ended and another process can take over. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { random, report, scheduler } = this.parts;
    const { signal } = this.stopping;
    const pause = new Pause(scheduler, signal);
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.lead(signal, () => (failures = 0));
      } catch (error) {
        // What a stop interrupts has not failed.
        if (!isAborted(signal)) report(error);
      }
      await pause.wait(fullJitter(++failures, BACK_OFF, random));
    }
  }

  private async lead(signal: AbortSignal, wentWell: () => void): Promise<void> {
    const leadership = await this.parts.election.lead(this.parts.task, signal);
    this.leadership = leadership.signal;
    try {
      await this.work(AbortSignal.any([signal, leadership.signal]), wentWell);
    } finally {
      this.leadership = undefined;
      await leadership.release();
    }
  }
}

/** Asked again behind an `await`, where the compiler believes that nothing has changed. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
