export type { Aggregate, Command, SnapshotRule, StoredEvent, Upcaster, Upcasters } from './aggregate.js';
export { Checkpoints } from './checkpoints.port.js';
export type { AnsweredCommand, CommandKey, CommandOutcome, Refusal } from './command-outcome.js';
export { type DomainEvent, type EventMetadata, eventIdOf, type RecordedEvent } from './event.js';
export {
  type Append,
  type AppendOutcome,
  EventStore,
  type LoggedEvent,
  type LogPosition,
  type LogQuery,
  type LogSlice,
  type NewEvent,
  type Snapshot,
  type StreamSlice,
} from './event-store.port.js';
export { Election, type Leadership } from './leadership.port.js';
export { unstorableName } from './storable.js';
export { categoryOf, idOf, MAX_ID_LENGTH, streamOf } from './stream.js';
export { schemaOf, upcast } from './upcast.js';
