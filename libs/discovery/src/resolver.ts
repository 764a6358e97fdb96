import type { Snapshot } from './snapshot.js';

export interface Watch {
  /** Stops listening; no callback afterwards. */
  close(): void;
}

/** Service name in, snapshots out. */
export abstract class Resolver {
  /**
   * Calls `onSnapshot` with what is known at once (if anything), then on each change of content, until closed. Never
   * throws for a registry that is down: what is known stays, its age grows. Watches of one service share one query.
   */
  abstract watch(service: string, onSnapshot: (snapshot: Snapshot) => void): Watch;

  /** Asks the registry now. Rejects with DomainError REGISTRY_UNAVAILABLE when it does not answer. */
  abstract lookup(service: string): Promise<Snapshot>;

  /** Calls `onServices` with the names of all services that the registry knows, at once and on each change. */
  abstract watchServices(onServices: (services: readonly string[]) => void): Watch;

  /** Ends every watch and connection. */
  abstract close(): Promise<void>;
}
