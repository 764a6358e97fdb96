export { type CheckpointsSubject, describeCheckpoints } from './checkpoints.contract.js';
export { describeElection, type ElectionSubject } from './election.contract.js';
export { describeEventStore, type EventStoreSubject } from './event-store.contract.js';
export { InMemoryCheckpoints, type InMemoryTransaction } from './in-memory-checkpoints.js';
export { InMemoryElection } from './in-memory-election.js';
export { InMemoryEventStore } from './in-memory-event-store.js';
export { type Expectation, type Given, specify } from './specify.js';
export { answered, codeOf, happened, one, readAll } from './store-script.js';
