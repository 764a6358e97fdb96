import { type BackOffOptions, fullJitter } from '@rookery/resilience';
import { type Cancellable, type Clock, pause, type Random, type Scheduler } from '@rookery/runtime';
import { toError } from '../to-error.js';
import type { ConsulAnswer, ConsulQuery } from './consul.client.js';
import { QueryPace } from './query-pace.js';

/** Short, because callers wait for a registry that has just come back; full jitter keeps them from coming all at once. */
const BACK_OFF: BackOffOptions = { baseMs: 250, capMs: 10_000 };

export interface BlockingQueryOptions<T> {
  readonly ask: (query: ConsulQuery) => Promise<ConsulAnswer<T>>;
  readonly isSame: (one: T, other: T) => boolean;
  /** Each answer, changed or not. What it throws counts as a failure of the query. */
  readonly onAnswer: (content: T, signal: AbortSignal) => Promise<void> | void;
  /** Consul's index fell: it restarted or was restored, and may have lost its catalogue. Comes before `onAnswer`. */
  readonly onRestarted: () => void;
  readonly onFailure: (error: Error, failures: number) => void;
  /** The periodic lookup contradicts the watch. */
  readonly onRepaired: () => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  /** How long Consul may hold a query that has nothing to tell. */
  readonly waitMs: number;
  /** Mean time between the lookups that check the watch; each time is drawn from half to one and a half of it. */
  readonly repairMs: number;
}

/**
 * Consul's blocking query: a loop of questions, each held by Consul until its answer changes. It follows the rules that
 * Consul sets its clients: an index that fell starts again at 0, an index below 1 counts as 1, an answer is compared before
 * it counts as news, questions are paced by a token bucket, failures back off. After a failure it asks without an index,
 * because a Consul that restarted would hold a question about an index it has not reached yet. Beside the loop a plain
 * lookup now and then finds out whether the watch has gone silent.
 */
export class BlockingQuery<T> {
  private readonly pace: QueryPace;
  private running = new AbortController();
  private repair: Cancellable | undefined;
  /** What the next question asks about; 0 asks for an answer at once. */
  private index = 0;
  private highest = 0;
  private last: { readonly content: T } | undefined;
  private failures = 0;
  private answers = 0;

  constructor(private readonly options: BlockingQueryOptions<T>) {
    this.pace = new QueryPace(options.clock);
  }

  start(): void {
    void this.run(this.running.signal);
    this.scheduleRepair();
  }

  stop(): void {
    this.repair?.cancel();
    this.running.abort();
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pause(this.options.scheduler, this.pace.take(), signal);
      if (!signal.aborted) await this.step(signal);
    }
  }

  private async step(signal: AbortSignal): Promise<void> {
    const { ask, clock, waitMs } = this.options;
    const index = this.index;
    const askedAt = clock.monotonic();
    try {
      const answer = await ask({ index, waitMs, signal });
      if (signal.aborted) return;
      const isNews = await this.accept(answer, signal);
      const hasWaited = clock.monotonic() - askedAt >= waitMs;
      // A question without an index is answered at once on purpose, and says nothing about the registry's haste.
      if (isNews || hasWaited) this.pace.useful();
      else if (index > 0) this.pace.wasted();
    } catch (error) {
      if (!signal.aborted) await this.fail(toError(error), signal);
    }
  }

  /** Whether the content is new. */
  private async accept({ index, content }: ConsulAnswer<T>, signal: AbortSignal): Promise<boolean> {
    const { isSame, onAnswer, onRestarted } = this.options;
    const position = Math.max(1, index);
    if (position < this.highest) {
      onRestarted();
      this.index = 0;
    } else {
      this.index = position;
    }
    this.highest = position;
    const isNews = this.last === undefined || !isSame(this.last.content, content);
    await onAnswer(content, signal);
    if (signal.aborted) return false;
    this.last = { content };
    this.answers++;
    this.failures = 0;
    return isNews;
  }

  private async fail(error: Error, signal: AbortSignal): Promise<void> {
    const { onFailure, random, scheduler } = this.options;
    this.index = 0;
    this.failures++;
    onFailure(error, this.failures);
    await pause(scheduler, fullJitter(this.failures, BACK_OFF, random), signal);
  }

  private scheduleRepair(): void {
    const { random, repairMs, scheduler } = this.options;
    this.repair = scheduler.timer(repairMs * (0.5 + random.next()), () => void this.compare(this.running.signal));
  }

  /** Looks whether the registry says something else than the watch, which then has lost its connection without noticing. */
  private async compare(signal: AbortSignal): Promise<void> {
    const { ask, onFailure } = this.options;
    const answersBefore = this.answers;
    try {
      // While the loop fails it tries often enough by itself.
      const answer = this.failures === 0 ? await ask({ signal }) : undefined;
      if (answer !== undefined && !signal.aborted && this.answers === answersBefore) await this.judge(answer, signal);
    } catch (error) {
      if (!signal.aborted) onFailure(toError(error), 1);
    }
    if (!signal.aborted) this.scheduleRepair();
  }

  private async judge({ index, content }: ConsulAnswer<T>, signal: AbortSignal): Promise<void> {
    const { isSame, onAnswer, onRepaired } = this.options;
    if (this.last === undefined) return;
    if (Math.max(1, index) >= this.highest && isSame(this.last.content, content)) return onAnswer(content, signal);
    onRepaired();
    this.restart();
  }

  /** Drops the question that hangs and asks anew, from the start. */
  private restart(): void {
    this.running.abort();
    this.running = new AbortController();
    this.index = 0;
    this.start();
  }
}
