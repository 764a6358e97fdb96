import type { AnyPid, Pid } from '../local/pid.js';
import type { PassivationReason } from './cluster-observer.port.js';
import type { GrainKind } from './grain-kind.js';
import type { Parked } from './parking-lot.js';

const NOBODY: ReadonlySet<string> = new Set();

/** A grain that is active in this process, or that calls wait for here. */
export class GrainPlace {
  /** Its activation, which may be ending. */
  pid: AnyPid | undefined;
  /** What the activation ends for; undefined while it takes calls. */
  endsFor: PassivationReason | undefined;
  /** When an ending activation has had its time: first to drain, then to stop. */
  dueAt = Infinity;
  /** It has had its time to drain. */
  isStopped = false;
  readonly parked: Parked[] = [];
  /** Addresses of members that may still run the grain. */
  awaited: ReadonlySet<string> = NOBODY;
  /** Members that wait for the end of the activation, by address. Few places have any. */
  private askers: Map<string, Pid> | undefined;

  constructor(
    readonly key: string,
    readonly kind: GrainKind,
    readonly identity: string,
  ) {}

  ask(asker: Pid): void {
    (this.askers ??= new Map<string, Pid>()).set(asker.address, asker);
  }

  takeAskers(): readonly Pid[] {
    const askers = [...(this.askers?.values() ?? [])];
    this.askers = undefined;
    return askers;
  }

  get takesCalls(): boolean {
    return this.pid !== undefined && this.endsFor === undefined;
  }
}

/** Kinds hold no slash, so that different grains have different keys. */
export function grainKey(kind: string, identity: string): string {
  return `${kind}/${identity}`;
}
