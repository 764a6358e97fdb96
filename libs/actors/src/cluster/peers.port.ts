import type { Cancellable } from '@rookery/runtime';
import type { PeerChange } from '../remote/remote.js';

/** The connections to other processes; `Remote` is it. Addresses may be those of actor systems. */
export abstract class Peers {
  /** Keeps a connection from now on, so that its end is noticed. */
  abstract connect(address: string): void;

  abstract isUp(address: string): boolean;

  abstract watchPeers(listener: (change: PeerChange) => void): Cancellable;

  /** Gives an actor system up: who watches its actors hears of their end, and its process is told so when it speaks again. */
  abstract quarantine(address: string, reason: string): void;
}
