import type { Association } from './association.js';
import type { PeerHost } from './peer-host.port.js';
import type { TakenFrames } from './taken-frames.js';

/** A connection that another process has opened. */
export interface OpenInbound {
  /** The process at the other end, once it has said hello. */
  readonly process: string | undefined;
  /** Which of the connections that were opened to here it is. */
  readonly number: number;
  /** Nothing is taken from it any more, until it says hello again. */
  mute(): void;
  /** Our actor system is another: what is said to the old one is said to nobody. */
  renew(): void;
  /** The actor system at its other end is given up. */
  turnAway(): void;
}

/** What the receiving end of a connection has around it. */
export interface InboundHost extends Pick<PeerHost, 'core' | 'self' | 'messages' | 'isQuarantined'> {
  readonly largestFrameBytes: number;
  readonly frames: TakenFrames;
  /** Its opener has said hello. Undefined: nothing is taken from that actor system. */
  meet(inbound: OpenInbound, address: string, askOrigin: number): Association | undefined;
  /** Whether what that process says in that version can be understood. */
  understands(process: string, version: number): boolean;
  /** Something has come from a process that has said hello. */
  heard(process: string): void;
  /** That process has given our actor system up. */
  refusedBy(process: string): void;
  inboundClosed(inbound: OpenInbound): void;
}
