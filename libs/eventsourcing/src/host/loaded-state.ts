import { DomainError } from '@rookery/runtime';
import type { Aggregate, Command } from '../aggregate.js';
import type { DomainEvent, EventMetadata } from '../event.js';
import type { EventStore, LoggedEvent } from '../event-store.port.js';
import { upcast } from '../upcast.js';

/** An aggregate as of a version of its stream. */
export interface LoadedState<S> {
  readonly state: S;
  readonly version: number;
  /** The version of the snapshot that it was loaded from, 0 without one. */
  readonly snapshotVersion: number;
  /** Of the last event; nothing where that is in the snapshot, or where there is none. */
  readonly metadata: EventMetadata;
}

/** Events that are read at once. */
const PAGE = 1000;

/** The state by the stream, from its snapshot on where there is one that this code understands. */
export async function loadState<S, C extends Command, E extends DomainEvent>(
  aggregate: Aggregate<S, C, E>,
  stream: string,
  store: EventStore,
): Promise<LoadedState<S>> {
  const initial = { state: aggregate.initialState(), version: 0, snapshotVersion: 0, metadata: {} };
  if (aggregate.snapshots === undefined) return catchUp(aggregate, stream, store, initial);
  const snapshot = await store.loadSnapshot(stream);
  if (snapshot?.schema !== aggregate.snapshots.schema) return catchUp(aggregate, stream, store, initial);
  const { state, version } = snapshot;
  const known = { state: state as S, version, snapshotVersion: version, metadata: {} };
  const loaded = await catchUp(aggregate, stream, store, known);
  // The log is behind its snapshot: it was restored from a copy, and the snapshot knows what has not happened.
  return loaded.version < version ? catchUp(aggregate, stream, store, initial) : loaded;
}

/** The state with all that was appended behind `from`. Its version is lower than that of `from` when the stream is shorter. */
export async function catchUp<S, C extends Command, E extends DomainEvent>(
  aggregate: Aggregate<S, C, E>,
  stream: string,
  store: EventStore,
  from: LoadedState<S>,
): Promise<LoadedState<S>> {
  let { metadata, state, version } = from;
  for (;;) {
    const slice = await store.readStream(stream, version, PAGE);
    for (const logged of slice.events) {
      state = evolved(aggregate, { state, version }, logged);
      version = logged.version;
      metadata = logged.metadata;
    }
    if (version >= slice.version || slice.events.length === 0) {
      return { ...from, metadata, state, version: Math.min(version, slice.version) };
    }
  }
}

/**
 * The state after the next event of its stream. Throws LOG_DAMAGED when this is a later one, and EVENT_UNKNOWN when `evolve`
 * makes nothing of it, as of an event that the next version of the service wrote: decisions on a state that lacks something
 * would be durable.
 */
export function evolved<S, C extends Command, E extends DomainEvent>(
  aggregate: Aggregate<S, C, E>,
  { state, version }: Pick<LoadedState<S>, 'state' | 'version'>,
  logged: LoggedEvent,
): S {
  if (logged.version !== version + 1) {
    const message = `${logged.stream} lacks its version ${version + 1}: no state is made without it`;
    throw new DomainError('LOG_DAMAGED', message, { kind: 'data-loss' });
  }
  const event = upcast<E>(aggregate.upcasters, logged);
  const next: S | undefined = aggregate.evolve(state, event);
  if (next !== undefined) return next;
  const message = `${logged.stream} has an event ${event.type}, of which this version of the code makes no state`;
  throw new DomainError('EVENT_UNKNOWN', message, { kind: 'unavailable' });
}
