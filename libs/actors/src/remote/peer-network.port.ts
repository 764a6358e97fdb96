/**
 * The ways between the actor systems of several processes. A way leads in one direction and carries frames in order; answers
 * come back on it. Frames that were not taken when a connection ends may or may not have arrived.
 */
export abstract class PeerNetwork {
  /** The largest frame it carries, in bytes. */
  abstract readonly largestFrameBytes: number;

  /**
   * Keeps a way open to the process of that address until it is closed, whether or not the process is there now. Calls the
   * listener in turns of its own, never from inside `open` or `send`.
   */
  abstract open(address: string, listener: RouteListener): Route;

  /** From now on who opens a way to this process meets `gate`. */
  abstract listen(gate: PeerGate): void;
}

/** The way out to one process. */
export interface Route {
  /** Bytes that may be sent now; 0 while there is no connection, and when the peer does not keep up. */
  readonly room: number;
  /** Sends a frame, whose bytes are copied. False: it was not sent, because there is no room for it now. */
  send(frame: Uint8Array): boolean;
  close(): void;
}

export interface RouteListener {
  /** A fresh connection stands; nothing has been sent on it. */
  up(): void;
  /** The other process has sent a frame back. Nobody writes to its bytes again. */
  answered(frame: Uint8Array): void;
  /** The first `frames` frames of this connection have arrived. */
  taken(frames: number): void;
  /** There is room again after there was none, or not enough for a `send`. */
  writable(): void;
  /** The connection has ended; `up` may follow. */
  down(reason: string): void;
  /** The process of that address will not come back. */
  gone(reason: string): void;
}

/** Where the ways of others end. */
export interface PeerGate {
  /** Another process has opened a way to here. Undefined: nothing is taken from it. */
  opened(connection: PeerConnection): Intake | undefined;
}

/** The way in from one process, as long as one connection lasts. */
export interface PeerConnection {
  /** The process that has opened it, as far as the network can tell. */
  readonly from: string;
  /** Sends a frame back. False: too many wait already. */
  answer(frame: Uint8Array): boolean;
  /** One more frame, in the order of arrival, has been dealt with: its sender may send more. */
  taken(): void;
}

export interface Intake {
  /** A frame has come. Nobody writes to its bytes again. */
  receive(frame: Uint8Array): void;
  closed(reason: string): void;
}
