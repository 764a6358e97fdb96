import type { EventStore } from '../event-store.port.js';

/** A log under test, with nothing in it. */
export interface EventStoreSubject {
  readonly store: EventStore;
  /** The same log as another process of the service has it. */
  readonly another: EventStore;
  /** Keeps transactions open, and rolls others back, until what it gives is called. */
  disturb(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
