import type { Random } from '@rookery/runtime';
import type { ActorCell } from './actor-cell.js';
import type { Elsewhere } from './elsewhere.port.js';
import type { PendingAsk } from './pending-ask.js';
import { ANY_INCARNATION, type AnyPid, bind, boundTo, Pid } from './pid.js';
import type { Process } from './process.js';

/** Incarnations of one run start at a place of their own, so that an earlier run's Pids name nobody in this one. */
const INCARNATION_SPAN = 2 ** 40;

/** Who is reached by which Pid. */
export class AddressBook {
  /** By path, in the order in which they were spawned. */
  readonly cells = new Map<string, ActorCell>();
  /** By how many Pids had been made before theirs: small numbers are quick to look up. */
  readonly asks = new Map<number, PendingAsk>();
  /** Pids count from here; asks are numbered by how far they are from it. */
  readonly firstIncarnation: number;
  /** Whom Pids of other addresses lead to; nobody, unless this process speaks to others. */
  elsewhere: Elsewhere | undefined;
  private pids = 0;
  private names = 0;

  constructor(
    readonly address: string,
    /** What is ours is bound to Pids under this owner. */
    private readonly owner: object,
    /** Stands behind all that is not here. */
    private readonly nobody: Process,
    random: Random,
  ) {
    this.firstIncarnation = Math.floor(random.next() * 2 ** 12) * INCARNATION_SPAN;
  }

  newPid(id: string): Pid {
    return new Pid(this.address, id, this.firstIncarnation + ++this.pids);
  }

  newName(): string {
    return `$${(this.names++).toString(36)}`;
  }

  /** Asks have Pids too, but no name: nobody looks for one before it has asked. */
  addAsk(ask: PendingAsk): void {
    this.asks.set(ask.pid.incarnation - this.firstIncarnation, ask);
  }

  removeAsk(ask: PendingAsk): void {
    this.asks.delete(ask.pid.incarnation - this.firstIncarnation);
  }

  processOf(pid: AnyPid): Process {
    const known = boundTo(pid);
    // What is bound and ours is a process: nothing else is ever bound by this owner.
    if (known?.owner === this.owner) return known as Process;
    if (pid.address !== this.address) return this.elsewhere?.processOf(pid) ?? this.nobody;
    // Another system of this process may have the same address; its actors are not ours for that.
    return known === undefined ? this.found(pid) : this.nobody;
  }

  /** For a Pid that was put together from its parts. */
  private found(pid: AnyPid): Process {
    const found = this.cells.get(pid.id) ?? this.asks.get(pid.incarnation - this.firstIncarnation);
    if (found === undefined) return this.nobody;
    // Whoever has the name now; the next time it may be another.
    if (pid.incarnation === ANY_INCARNATION && found.pid.id === pid.id) return found;
    if (!found.pid.equals(pid)) return this.nobody;
    bind(pid, found);
    return found;
  }
}
