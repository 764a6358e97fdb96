/** Who sends actor frames: proven by its certificate where the server speaks TLS, as it says of itself in plaintext. */
export interface ActorPeer {
  readonly service: string;
  readonly instanceId: string;
  readonly incarnation: string;
}

/** Sends a frame back on the link that frames come by. False: it was not sent, because too much waits, or the link ended. */
export type AnswerActors = (payload: Uint8Array) => boolean;

/** What the frames of one link are handed to, in their order. What it throws becomes a process warning. */
export interface ActorIntake {
  /** The bytes are a view of what was read from the link: copy what must outlive the call. */
  receive(payload: Uint8Array): void;
  /** The link ended; nothing follows. */
  closed(reason: string): void;
}

/** The way into a process for actor frames. Knows what stands in them; rpc does not. */
export abstract class ActorGate {
  /**
   * Asked at the first actor frame of a link; undefined refuses all of them, which the peer is told. Each call of `taken`
   * says that the oldest frame not yet said so was taken: only then its bytes may be followed by others. It may be called
   * while a frame is received, or any time later.
   */
  abstract open(peer: ActorPeer, answer: AnswerActors, taken: () => void): ActorIntake | undefined;
}
