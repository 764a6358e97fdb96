import type { SystemCore } from '../local/system-core.js';
import type { AskNumbering } from './frame-writer.js';
import type { PeerNetwork } from './peer-network.port.js';
import type { WireMessages } from './wire-messages.js';

/** What a peer has around it: our actor system, and what all peers have in common. */
export interface PeerHost {
  readonly core: SystemCore;
  readonly self: AskNumbering;
  readonly network: PeerNetwork;
  readonly messages: WireMessages;
  /** How long messages wait for a connection. */
  readonly patienceMs: number;
  /** Messages of users that may wait for one process. */
  readonly queueLimit: number;
  peerChanged(process: string, state: 'up' | 'down' | 'gone'): void;
  /** Whether we have given that actor system up. */
  isQuarantined(address: string): boolean;
  /** Nothing is taken from that actor system any more. */
  putInQuarantine(address: string): void;
  /** That process has given our actor system up. */
  givenUpBy(process: string): void;
}
