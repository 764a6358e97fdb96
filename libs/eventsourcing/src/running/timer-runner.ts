import { fullJitter } from '@rookery/resilience';
import type { Random, Scheduler } from '@rookery/runtime';
import type { DueTimer, Postponement, Timers } from '../timers.port.js';
import { Pause } from './pause.js';

/**
 * When a timer is to come again, if at all. `interrupted`: this process has come to nothing with it because it was told to end; whoever
 * goes on finds the timer due as it was.
 */
export type TimerOutcome = 'done' | 'interrupted' | Postponement;

export interface TimerRunnerParts {
  readonly task: string;
  readonly timers: Timers<never>;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly fire: (timer: DueTimer, signal: AbortSignal) => Promise<TimerOutcome>;
  /** Hears why a timer came to nothing, and which; it comes again. */
  readonly report: (error: unknown, about?: string) => void;
}

/** Timers that are in hand at once. */
const AT_ONCE = 128;
/** How soon a timer that is due is found, at the latest. */
const POLL_MS = 50;
/** How long one stays in hand that came to nothing and could not be postponed: a store that takes nothing is not besieged. */
const KEPT_MS = 1000;
const BACK_OFF = { baseMs: 200, capMs: 10_000 };
/** Attempts after which it is no longer likely that the next one goes well: more than half a minute of them. */
const MANY_ATTEMPTS = 10;

/** Fires the timers of a task when they are due, each key one at a time, many keys at once. */
export class TimerRunner {
  private readonly inHand = new Map<string, Promise<void>>();
  /** The keys of those that have come to nothing many times. */
  private readonly stuck = new Set<string>();
  /** The keys of those in hand that were taken back meanwhile. */
  private readonly takenBack = new Set<string>();
  private pause: Pause | undefined;

  constructor(private readonly parts: TimerRunnerParts) {}

  /** Timers that have come to nothing many times, and come again. */
  get failing(): number {
    return this.stuck.size;
  }

  /** A timer was set that is due now. */
  wake(): void {
    this.pause?.wake();
  }

  /** These were taken back: what comes of those in hand is no matter any more. */
  forget(keys: readonly string[]): void {
    for (const key of keys) {
      this.stuck.delete(key);
      if (this.inHand.has(key)) this.takenBack.add(key);
    }
  }

  /** Fires until `signal` is aborted and all in hand is done. Throws when it cannot go on; it may be begun again. */
  async follow(signal: AbortSignal, wentWell: () => void): Promise<void> {
    const { task, timers } = this.parts;
    this.pause = new Pause(this.parts.scheduler, signal);
    try {
      while (!signal.aborted) {
        const free = AT_ONCE - this.inHand.size;
        const due = free === 0 ? [] : await timers.due(task, free, [...this.inHand.keys()]);
        for (const timer of due) this.take(timer, signal);
        wentWell();
        // As many as there was room for: more may be due, and room may have come while they were looked for.
        const hasMore = due.length === free && this.inHand.size < AT_ONCE;
        if (!hasMore) await this.pause.wait(POLL_MS);
      }
    } finally {
      await Promise.all(this.inHand.values());
      this.stuck.clear();
    }
  }

  private take(timer: DueTimer, signal: AbortSignal): void {
    const handled = this.handle(timer, signal).finally(() => {
      this.inHand.delete(timer.key);
      if (this.takenBack.delete(timer.key)) this.stuck.delete(timer.key);
      if (this.inHand.size === AT_ONCE - 1) this.wake();
    });
    this.inHand.set(timer.key, handled);
  }

  private async handle(timer: DueTimer, signal: AbortSignal): Promise<void> {
    const { fire, random, report } = this.parts;
    try {
      const outcome = await fire(timer, signal);
      if (outcome === 'done') await this.end(timer);
      else if (outcome !== 'interrupted') await this.postpone(timer, outcome);
    } catch (error) {
      if (signal.aborted) return;
      report(error, timer.key);
      await this.postpone(timer, nextAttempt(timer.attempts, random)).catch((again: unknown) => {
        report(again, timer.key);
        return this.keep(signal);
      });
    }
  }

  /** In hand: in the store it is due as before, and would be found again at once. */
  private keep(signal: AbortSignal): Promise<void> {
    return new Pause(this.parts.scheduler, signal).wait(KEPT_MS);
  }

  private async end(timer: DueTimer): Promise<void> {
    await this.parts.timers.done(this.parts.task, [timer]);
    this.stuck.delete(timer.key);
  }

  private async postpone(timer: DueTimer, again: Postponement): Promise<void> {
    if (again.attempts < MANY_ATTEMPTS) this.stuck.delete(timer.key);
    else this.stuck.add(timer.key);
    await this.parts.timers.postpone(this.parts.task, timer, again);
  }
}

/** The pause after one more attempt that came to nothing. */
export function nextAttempt(before: number, random: Random): Postponement {
  return { afterMs: fullJitter(before + 1, BACK_OFF, random), attempts: before + 1 };
}
