import type { Snapshot } from './snapshot.js';

export interface Watch {
  /** Stops listening; no callback afterwards. */
  close(): void;
}

/** Service name in, snapshots out. */
export abstract class Resolver {
  /**
   * Calls `onSnapshot` with what is known at once (if anything; before `watch` returns), then on each change of content or
   * of source, until closed. Never throws for a registry that is down: what is known stays, its age grows. Watches of one
   * service share one query. A callback that throws is reported to the observer and called again for the next change.
   */
  abstract watch(service: string, onSnapshot: (snapshot: Snapshot) => void): Watch;

  /** Asks the registry now. Rejects with DomainError REGISTRY_UNAVAILABLE when it does not answer. */
  abstract lookup(service: string): Promise<Snapshot>;

  /**
   * Calls `onServices` with the names of all services that the registry knows, in order, at once if known and on each
   * change. Under an outage the names stay by the same rules as instances do.
   */
  abstract watchServices(onServices: (services: readonly string[]) => void): Watch;

  /** Ends every watch and connection. */
  abstract close(): Promise<void>;
}
