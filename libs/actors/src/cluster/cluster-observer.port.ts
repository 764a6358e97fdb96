/** Why an activation has ended. `crashed`: its supervisor gave it up. */
export type PassivationReason = 'idle' | 'moved' | 'failed' | 'stepped-down' | 'crashed';

/**
 * Why a call was not begun. `not-owner`: another process owns the grain. `parked-too-many`, `parked-too-long`: the grain is
 * being handed over, and more calls wait for it, or for longer, than may.
 */
export type RefusalReason = 'not-owner' | 'parked-too-many' | 'parked-too-long';

/** Hears what happens to grains in this process, for metrics. Called in the actors' turns, so it must be quick and not throw. */
export abstract class ClusterObserver {
  /** Also when one was made again after an error, which is no passivation. */
  abstract activated(kind: string): void;
  abstract passivated(kind: string, reason: PassivationReason): void;
  abstract refused(kind: string, reason: RefusalReason): void;
  /** All members have confirmed the present view, or the time for it is over: then some have not. */
  abstract handedOver(durationMs: number, unconfirmed: number): void;
}

export class SilentClusterObserver extends ClusterObserver {
  activated(): void {
    // Nobody counts.
  }

  passivated(): void {
    // Nobody counts.
  }

  refused(): void {
    // Nobody counts.
  }

  handedOver(): void {
    // Nobody counts.
  }
}
