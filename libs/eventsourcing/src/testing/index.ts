export { describeEventStore, type EventStoreSubject } from './event-store.contract.js';
export { InMemoryEventStore } from './in-memory-event-store.js';
export { type Expectation, type Given, specify } from './specify.js';
export { answered, codeOf, happened, one, readAll } from './store-script.js';
