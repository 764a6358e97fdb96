import { ANY_INCARNATION, type AnyPid } from '../local/pid.js';
import { generationOf, processOfAddress } from './addresses.js';
import { Association } from './association.js';
import type { PeerHost } from './peer-host.port.js';
import type { PeerTraffic } from './peer-traffic.js';

/** Who is there in another process, as far as is known: its latest actor system, and what that and ours owe each other. */
export class Counterpart {
  /** The latest actor system of that process that we have heard of. */
  address: string;
  association: Association | undefined;
  /** It has been given up; another system of the same process may come. */
  isOver = false;
  /** It has given our actor system up: only another one of ours is heard there. */
  hasRefused = false;
  /** Why nothing can be exchanged with the process, whatever actor system it has. */
  trouble: string | undefined;

  constructor(
    private readonly host: PeerHost,
    private readonly process: string,
    private readonly traffic: PeerTraffic,
    /** There is a system again after the one before was given up. */
    private readonly onReturn: () => void,
  ) {
    this.address = process;
  }

  /** Nothing can be said to anybody there. */
  get isAway(): boolean {
    return this.isOver || this.hasRefused || this.trouble !== undefined;
  }

  /**
   * The process has an actor system of that address. Undefined when it is known to have a later one, or when that one has been
   * given up.
   */
  meet(address: string, askOrigin?: number): Association | undefined {
    if (this.host.isQuarantined(address)) return undefined;
    if (address !== this.address) {
      if (generationOf(address) < generationOf(this.address)) return undefined;
      this.forget();
      this.address = address;
    }
    if (this.isOver) {
      this.isOver = false;
      this.onReturn();
    }
    const association = (this.association ??= new Association(this.host.core, address));
    if (askOrigin !== undefined) association.askOrigin = askOrigin;
    return association;
  }

  /** Undefined when nobody is there who could be meant. */
  meetSystemOf({ address, incarnation }: AnyPid): Association | undefined {
    if (this.hasRefused || this.trouble !== undefined) return undefined;
    const { association } = this;
    return association !== undefined && incarnation === ANY_INCARNATION ? association : this.meet(address);
  }

  /** A Pid may be the first that we hear of a later system. */
  learnFrom({ address, incarnation }: AnyPid): void {
    if (address === this.address || incarnation === ANY_INCARNATION) return;
    if (generationOf(address) > generationOf(this.address)) this.meet(address);
  }

  /** One of the two systems is gone. Asks whose question still waits to be sent reach whoever comes next. */
  forget(): void {
    const former = this.association;
    this.association = undefined;
    this.traffic.forget();
    if (former === undefined) return;
    former.end();
    const waiting = this.traffic.askersWaiting();
    this.host.core.failAsks(({ address, incarnation }, asker) => {
      const isMeant = incarnation === ANY_INCARNATION && processOfAddress(address) === this.process;
      return address === former.address || (isMeant && !waiting.has(asker));
    });
  }
}
