import type { Clock, Random, Scheduler } from '@rookery/runtime';
import type { EventSource } from '../aggregate.js';
import type { Checkpoints } from '../checkpoints.port.js';
import type { RecordedEvent } from '../event.js';
import type { EventStore } from '../event-store.port.js';
import type { DueTimer, Timers } from '../timers.port.js';
import { follow } from './follow.js';
import { LogReader } from './log-reader.js';
import { type TimerOutcome, TimerRunner } from './timer-runner.js';

/** What an event means for a timer: it is set, or taken back. Of one key the later event counts. */
export type TimerChange =
  | { readonly key: string; readonly dueAt: number; readonly payload?: unknown }
  | { readonly key: string; readonly isCancelled: true };

/** Something that follows from an event after a time, unless another event takes it back. */
export interface TimedReaction {
  /** Names its timers and its checkpoint, for ever. */
  readonly name: string;
  readonly sources: readonly EventSource[];
  /** Pure. */
  on(event: RecordedEvent): TimerChange | undefined;
  /**
   * The time has come. May be told twice: what it does is named by `commandId`, the same each time. What it throws brings it
   * again, with growing pauses.
   */
  fire(timer: Pick<DueTimer, 'key' | 'payload' | 'foundAt'>, call: FiredCall): Promise<void>;
}

export interface FiredCall {
  readonly commandId: string;
  readonly signal: AbortSignal;
}

export interface ReactionRunnerParts<Tx> {
  readonly reaction: TimedReaction;
  readonly store: EventStore;
  readonly checkpoints: Checkpoints<Tx>;
  readonly timers: Timers<Tx>;
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly report: (error: unknown, about?: string) => void;
}

/** Sets the timers of a reaction by what the log says, and fires those that are due. */
export class ReactionRunner<Tx> {
  private readonly reader: LogReader<Tx>;
  private readonly runner: TimerRunner;

  constructor(private readonly parts: ReactionRunnerParts<Tx>) {
    const { name: task, sources } = parts.reaction;
    this.reader = new LogReader({
      ...{ ...parts, reader: task, sources },
      apply: (events, transaction) => this.change(events, transaction),
      after: () => this.runner.wake(),
    });
    this.runner = new TimerRunner({ ...parts, task, fire: (timer, signal) => this.fire(timer, signal) });
  }

  /** Positions of the log that are not looked at yet. */
  get lag(): number {
    return this.reader.lag;
  }

  /** Timers that were due and have come to nothing many times. */
  get failing(): number {
    return this.runner.failing;
  }

  /** Runs until `signal` is aborted. Throws when it cannot go on; it may be begun again. */
  follow(signal: AbortSignal, wentWell: () => void): Promise<void> {
    return follow([this.reader, this.runner], signal, wentWell);
  }

  private change(events: readonly RecordedEvent[], transaction: Tx): Promise<void> {
    const { reaction, timers } = this.parts;
    const changes = new Map<string, TimerChange>();
    for (const event of events) {
      const change = reaction.on(event);
      if (change !== undefined) changes.set(change.key, change);
    }
    const task = reaction.name;
    const last = [...changes.values()];
    const set = last.flatMap((change) => ('dueAt' in change ? [{ task, ...change }] : []));
    const cancelled = last.flatMap((change) => ('dueAt' in change ? [] : [{ task, key: change.key }]));
    this.runner.forget(cancelled.map(({ key }) => key));
    return timers.set(transaction, set, cancelled);
  }

  private async fire(timer: DueTimer, signal: AbortSignal): Promise<TimerOutcome> {
    const { reaction } = this.parts;
    await reaction.fire(timer, { commandId: `${reaction.name}/${timer.key}/${timer.setting}`, signal });
    return 'done';
  }
}
