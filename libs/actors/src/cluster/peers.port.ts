import type { Cancellable } from '@rookery/runtime';

export interface PeerChange {
  readonly address: string;
  /** `gone`: the process of that address has ended, or will never be spoken to again. */
  readonly state: 'up' | 'down' | 'gone';
}

/** The connections to other processes. */
export abstract class Peers {
  /** Calls the listener with the state of each connection there is, and with each change from then on. */
  abstract watchPeers(listener: (change: PeerChange) => void): Cancellable;

  /** Gives a process up: who watches its actors hears of their end, and the process is told so when it comes back. */
  abstract quarantine(address: string, reason: string): void;
}
