import type { AnsweredCommand, CommandKey } from './command-outcome.js';
import type { EventMetadata, RecordedEvent } from './event.js';
import type { StoredEvent } from './aggregate.js';

/** An event on its way into the log. */
export interface NewEvent {
  readonly event: StoredEvent;
  /** Of the event's shape, from 1. */
  readonly schema: number;
  readonly metadata: EventMetadata;
}

/** What is written to one stream, as a whole or not at all. With no events it only records answers. */
export interface Append {
  readonly stream: string;
  /** The stream's version before, 0 when there is none. Held to also when there are no events. */
  readonly expectedVersion: number;
  readonly events: readonly NewEvent[];
  readonly commands: readonly AnsweredCommand[];
}

/**
 * - `appended`: all of it is durable.
 * - `conflict`: nothing was written, because the stream was at `version`.
 * - `answered`: nothing was written, because these of its commands had been answered before. Says so whatever version the
 *   stream has.
 */
export type AppendOutcome =
  | { readonly status: 'appended'; readonly version: number }
  | { readonly status: 'conflict'; readonly version: number }
  | { readonly status: 'answered'; readonly commands: readonly AnsweredCommand[] };

/** An event as it is in the log, maybe of an earlier schema. */
export interface LoggedEvent extends RecordedEvent<StoredEvent> {
  readonly schema: number;
}

export interface StreamSlice {
  readonly events: readonly LoggedEvent[];
  /** The stream's version, 0 when there is none; more than the last of `events` when `limit` cut them off. */
  readonly version: number;
}

/** A place in one log. Of another epoch it means nothing: that log was restored or made anew. */
export interface LogPosition {
  readonly epoch: string;
  readonly position: number;
}

export interface LogSlice {
  /** In the order of positions. */
  readonly events: readonly LoggedEvent[];
  /** Up to where the slice has looked, also over what was filtered out. */
  readonly end: LogPosition;
  /** The end of the log when it looked. */
  readonly head: number;
}

export interface LogQuery {
  /** Undefined: from the first event. */
  readonly after: LogPosition | undefined;
  /** At most so many positions are looked at. */
  readonly limit: number;
  /** Only streams of these; undefined: all. */
  readonly categories?: readonly string[];
}

export interface Snapshot {
  readonly stream: string;
  readonly version: number;
  readonly schema: number;
  readonly state: unknown;
}

/**
 * The log of a service's events.
 *
 * Throws `DomainError`s: STORE_UNAVAILABLE (nothing was done), STORE_OUTCOME_UNKNOWN (from `append` alone: it may have been
 * done; read the stream, or ask again by command id), STORE_REFUSED (the data cannot be stored, as it is), LOG_REPLACED (a
 * position of another epoch, or behind the log's end), LOG_DAMAGED (the whole log was asked for, and lacks a position).
 */
export abstract class EventStore {
  /** Each of several at once succeeds or fails on its own. One that waits behind others keeps its order within a stream. */
  abstract append(append: Append): Promise<AppendOutcome>;

  /** Events behind `afterVersion`, at most `limit`. */
  abstract readStream(stream: string, afterVersion: number, limit: number): Promise<StreamSlice>;

  /** What is committed, each event once and none passed over, whatever transactions are open. */
  abstract readLog(query: LogQuery): Promise<LogSlice>;

  /** How these commands were answered; those that were not are left out. */
  abstract findAnswers(stream: string, keys: readonly CommandKey[]): Promise<readonly AnsweredCommand[]>;

  /**
   * Deletes the answers that are this old or older, by the store's clock, and says how many they were. A repeat that comes later
   * is a new command.
   */
  abstract forgetAnswers(olderThanMs: number): Promise<number>;

  abstract loadSnapshot(stream: string): Promise<Snapshot | undefined>;

  /**
   * Kept when it is of a later schema than the one there is, or of the same and a later version: while two versions of the code
   * run, the earlier one spoils nothing for the later. Kept all the same when that one is of less than half its version, so
   * that nobody writes it any more, or of a version that the stream does not have. Gives its size in characters.
   */
  abstract saveSnapshot(snapshot: Snapshot): Promise<number>;
}
