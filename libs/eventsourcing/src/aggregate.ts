import type { DomainEvent } from './event.js';

/** What can be asked of an aggregate: plain data, imperative, may be refused. */
export interface Command {
  readonly type: string;
}

/**
 * The rules of one kind of aggregate: pure functions over plain data. Time, ids and the answers of neighbours arrive in the
 * command.
 *
 * @typeParam A what a command is answered with: plain data that survives JSON
 */
export interface Aggregate<S, C extends Command, E extends DomainEvent, A = unknown> {
  /** The category of its streams: a lower-case word, for ever. */
  readonly name: string;
  initialState(): S;
  /** The events that a command leads to, none when there is nothing to do. Throws a `DomainError` to refuse. */
  decide(state: S, command: C): readonly E[];
  /**
   * The state after an event. Never fails, never decides, changes nothing in place. Nothing for an event that it does not know,
   * as `switch` without a default gives: then the aggregate is not served (EVENT_UNKNOWN) until code that knows it is there.
   */
  evolve(state: S, event: E): S;
  /** What the sender hears, by the state behind the command's events. Recorded, so that a repeat hears the same. */
  answer(state: S, command: C): A;
  /** Makes events of earlier versions of this code into today's. None: all are as they always were. */
  readonly upcasters?: Upcasters;
  /** None: the state is always built from all events. */
  readonly snapshots?: SnapshotRule;
}

/** By type: what turns an event of the schema `index + 1` into one of the next. The last one leads to today's schema. */
export type Upcasters = Readonly<Record<string, readonly Upcaster[]>>;

/** May give the event another `type`: then it gives it that type's form of today. */
export type Upcaster = (event: StoredEvent) => StoredEvent;

/** An event as a store keeps it, maybe of an earlier schema. */
export type StoredEvent = DomainEvent & Readonly<Record<string, unknown>>;

/** Whose events a reader of the log reads. */
export interface EventSource {
  readonly name: string;
  readonly upcasters?: Upcasters;
}

export interface SnapshotRule {
  /** Of the state's shape, one more for each change. A snapshot of another schema is ignored, as if there were none. */
  readonly schema: number;
  /** A snapshot is taken after at least so many events; after more when it is large, so that it costs no more than they do. */
  readonly every: number;
}
