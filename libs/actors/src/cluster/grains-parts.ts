import type { SystemCore } from '../local/system-core.js';
import type { ClusterObserver } from './cluster-observer.port.js';
import type { GrainKind } from './grain-kind.js';
import type { HandOverRound } from './hand-over-round.js';
import type { ParkingLimits } from './parking-lot.js';
import type { Topology } from './topology.js';

export interface GrainLimits extends ParkingLimits {
  /** How long an activation that ends may take to handle what it has; then it is stopped, and after as long again given up. */
  readonly drainMs: number;
}

/** What `$grains` has of its process. */
export interface GrainsParts {
  readonly core: SystemCore;
  readonly self: { readonly id: string; readonly incarnation: string };
  readonly kinds: ReadonlyMap<string, GrainKind>;
  readonly view: () => Topology;
  /** False: others may have given this process up, and no call is answered any more. */
  readonly isAwake: () => boolean;
  /** What members say of themselves. */
  readonly news: {
    leaves(id: string, incarnation: string): void;
    hasLeft(id: string, incarnation: string): void;
  };
  /** Outlives the actor when that is made again, so that no two rounds have one number. */
  readonly round: HandOverRound;
  readonly limits: GrainLimits;
  readonly observer: ClusterObserver;
  /** Activations by kind, for others to read. */
  readonly counts: Map<string, number>;
  /** The actor has stopped for good. */
  readonly stopped: () => void;
}
