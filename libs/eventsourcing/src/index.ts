export type { Aggregate, Command, EventSource, SnapshotRule, StoredEvent, Upcaster, Upcasters } from './aggregate.js';
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
export { AggregateHost, type AggregateHostParts, type CurrentVersion, type HostLimits } from './host/aggregate-host.js';
export type { CommandRequest } from './host/command-request.js';
export { FenceLostError, notKnownInTime, storeTooSlow } from './host/host-errors.js';
export { inTime } from './in-time.js';
export type { ProcessManager, RoutedInput, Step, StepCall, StepHandler } from './process.js';
export { follow, type Follower } from './running/follow.js';
export { LedTask, type LedTaskParts, type Obstacle } from './running/led-task.js';
export { LogReader, type LogReaderParts } from './running/log-reader.js';
export { LogTail, type LogTailParts } from './running/log-tail.js';
export { Pause } from './running/pause.js';
export { ProcessRunner, type ProcessRunnerParts } from './running/process-runner.js';
export { type EventTaker, takeEvents } from './running/take-events.js';
export { type TimerOutcome, TimerRunner, type TimerRunnerParts } from './running/timer-runner.js';
export { type DueTimer, type Postponement, type Timer, Timers } from './timers.port.js';
export {
  type FiredCall,
  ReactionRunner,
  type ReactionRunnerParts,
  type TimedReaction,
  type TimerChange,
} from './running/reaction-runner.js';
