import type { AnyPid, Pid } from '../local/pid.js';
import type { PassivationReason } from './cluster-observer.port.js';
import type { GrainKind } from './grain-kind.js';
import type { Parked } from './parking-lot.js';

/** A grain that is active in this process, or that calls wait for here. */
export class GrainPlace {
  /** Its activation, which may be ending. */
  pid: AnyPid | undefined;
  /** What the activation ends for; undefined while it takes calls. */
  endsFor: PassivationReason | undefined;
  /** When an ending activation has had its time to drain. */
  stopAt = Infinity;
  readonly parked: Parked[] = [];
  /** Addresses of members that may still run the grain. */
  awaited: ReadonlySet<string> = new Set();
  /** Members that wait for the end of the activation, by address. */
  readonly askers = new Map<string, Pid>();

  constructor(
    readonly key: string,
    readonly kind: GrainKind,
    readonly identity: string,
  ) {}

  get takesCalls(): boolean {
    return this.pid !== undefined && this.endsFor === undefined;
  }
}

/** Kinds hold no slash, so that different grains have different keys. */
export function grainKey(kind: string, identity: string): string {
  return `${kind}/${identity}`;
}
