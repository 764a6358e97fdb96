import { type Clock, DomainError, type Scheduler } from '@rookery/runtime';
import type { Aggregate, Command } from '../aggregate.js';
import type { DomainEvent } from '../event.js';
import type { EventStore, LoggedEvent, LogPosition } from '../event-store.port.js';
import type { CurrentVersion } from '../host/aggregate-host.js';
import { storeTooSlow } from '../host/host-errors.js';
import { evolved, type LoadedState, loadState } from '../host/loaded-state.js';
import { inTime } from '../in-time.js';
import { streamOf } from '../stream.js';
import { EventQueue } from './event-queue.js';
import { Pause } from './pause.js';

export interface LogTailParts<S, C extends Command, E extends DomainEvent> {
  readonly aggregate: Aggregate<S, C, E>;
  readonly store: EventStore;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

/** Positions that are looked at in one step. */
const BATCH = 500;
/** How soon new events are found, at the latest. */
const POLL_MS = 50;

/**
 * What becomes of aggregates of one kind, for whoever watches one, wherever it is hosted. One reader follows the end of the log
 * for all of them, as long as somebody watches: so a watcher costs the store one look at its stream.
 */
export class LogTail<S, C extends Command, E extends DomainEvent> {
  private readonly watchers = new Map<string, Set<EventQueue>>();
  private readonly ending = new AbortController();
  private begun: Promise<void> | undefined;

  constructor(private readonly parts: LogTailParts<S, C, E>) {}

  /**
   * The aggregate as it is, and after each of its events from then on, none left out and none twice, until `signal` is aborted.
   * Throws what the store throws at first, and later what is no passing outage; WATCH_TOO_SLOW when too many events wait to be
   * taken; WATCH_ENDED when this process ends; and STORE_UNAVAILABLE a little ahead of the deadline when there is nothing to be
   * seen until then.
   */
  async *watch(id: string, signal: AbortSignal, deadlineAt?: number): AsyncGenerator<CurrentVersion<S>, void> {
    const { aggregate } = this.parts;
    const stream = streamOf(aggregate.name, id);
    const queue = this.open(stream, signal);
    try {
      const tooLate = (): DomainError => storeTooSlow(`a look at ${stream}`);
      let { state, version } = await inTime(this.first(stream), deadlineAt, this.parts, tooLate);
      yield { state, version };
      for await (const logged of queue) {
        if (logged.version <= version) continue;
        state = evolved(aggregate, { state, version }, logged);
        version = logged.version;
        yield { state, version };
      }
    } finally {
      this.close(stream, queue);
    }
  }

  private async first(stream: string): Promise<LoadedState<S>> {
    const { aggregate, store } = this.parts;
    await this.begin();
    // Behind the begin: an event is in the stream by now, or will be told.
    return loadState(aggregate, stream, store);
  }

  /** Ends all watches, and refuses further ones: whoever watches does so elsewhere. */
  end(): void {
    this.ending.abort();
    this.failAll(watchEnded());
  }

  private open(stream: string, signal: AbortSignal): EventQueue {
    if (this.ending.signal.aborted) throw watchEnded();
    const queue = new EventQueue(signal);
    const others = this.watchers.get(stream);
    if (others === undefined) this.watchers.set(stream, new Set([queue]));
    else others.add(queue);
    return queue;
  }

  private close(stream: string, queue: EventQueue): void {
    const queues = this.watchers.get(stream);
    if (queues?.delete(queue) === true && queues.size === 0) this.watchers.delete(stream);
    queue.end();
  }

  /** Settles when all that is recorded from now on will be told. */
  private begin(): Promise<void> {
    this.begun ??= this.start();
    return this.begun;
  }

  private async start(): Promise<void> {
    try {
      const { end, head } = await this.parts.store.readLog({ after: undefined, limit: 0 });
      void this.follow({ epoch: end.epoch, position: head });
    } catch (error) {
      this.begun = undefined;
      throw error;
    }
  }

  private async follow(begin: LogPosition): Promise<void> {
    const pause = new Pause(this.parts.scheduler, this.ending.signal);
    let from = begin;
    try {
      while (this.watchers.size > 0) {
        const next = await this.step(from);
        if (next === undefined || next.position === from.position) await pause.wait(POLL_MS);
        from = next ?? from;
      }
    } catch (error) {
      this.failAll(error);
    }
    // In the same turn as the look that found nobody, or failed: who comes from here on begins anew.
    this.begun = undefined;
  }

  /** Undefined when the store is away: it is asked again. */
  private async step(after: LogPosition): Promise<LogPosition | undefined> {
    const { aggregate, store } = this.parts;
    try {
      const { end, events } = await store.readLog({ after, limit: BATCH, categories: [aggregate.name] });
      for (const event of events) this.tell(event);
      return end;
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'unavailable') return undefined;
      throw error;
    }
  }

  private tell(event: LoggedEvent): void {
    for (const queue of this.watchers.get(event.stream) ?? []) queue.put(event);
  }

  private failAll(error: unknown): void {
    const all = [...this.watchers.values()];
    this.watchers.clear();
    for (const queues of all) for (const queue of queues) queue.fail(error);
  }
}

function watchEnded(): DomainError {
  return new DomainError('WATCH_ENDED', 'this process ends: watch again', { kind: 'unavailable' });
}
