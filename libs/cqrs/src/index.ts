export { Aggregates, type ExecuteOptions } from './aggregates.js';
export { EventSourcingModule, type EventSourcingOptions } from './event-sourcing.module.js';
export { AggregateGrain } from './hosting/aggregate-grain.js';
export { LedTasks, type Task } from './running/led-tasks.js';
export { Process } from './running/process.js';
export { Projection, schemaOf } from './running/projection.js';
export { ProjectionRunner, type ProjectionRunnerParts } from './running/projection-runner.js';
export { Reaction } from './running/reaction.js';
export { DatabaseConfig, databaseSettings } from './storage/database-settings.js';
