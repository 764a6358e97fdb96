/** One start of one instance: whom an actor frame is for. */
export interface ActorTarget {
  /** Its name in the registry. */
  readonly service: string;
  readonly instanceId: string;
  readonly incarnation: string;
}

/**
 * The way of actor frames to one incarnation of an instance, on the link that calls to it use. It outlives links: what it is
 * told of comes as `ActorRouteListener` says.
 */
export interface ActorRoute {
  /** The largest payload that credit and socket let through now; 0 while there is no link, or the socket is blocked. */
  readonly room: number;
  /**
   * Sends a frame; its bytes are copied. False: it was not sent, because there is no room for it now. Throws RangeError when
   * the payload is larger than `MAX_ACTOR_PAYLOAD_BYTES`.
   */
  send(payload: Uint8Array): boolean;
  /** Ends the route; the listener hears nothing more. What was sent goes its way. */
  close(): void;
}

/** Is told in turns of their own or from events of the link, never within a call of `send`. */
export interface ActorRouteListener {
  /** A fresh link stands and nothing was sent on it yet. Only a provider that takes actor frames is told of. */
  up(): void;
  /** A frame from the callee on this link. The bytes may be a view of what was read: copy what must outlive the call. */
  answered(payload: Uint8Array): void;
  /** The callee's actors have taken the first `frames` frames of this link. */
  taken(frames: number): void;
  /** There is room again after there was none, or not enough for a `send`. */
  writable(): void;
  /** The link ended, or takes no actor frames from here. What was not taken may be lost. `up` may follow. */
  down(reason: string): void;
  /**
   * That incarnation will not come back: it said goodbye and its link ended, or the registry lists another incarnation of the
   * instance. An instance that is merely not listed is not gone. The route is closed then.
   */
  gone(reason: string): void;
}
