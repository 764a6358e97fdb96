import type { ActorGate, ActorIntake, ActorPeer } from '../server/actor-gate.port.js';
import { tellSafely, warn } from '../tell-safely.js';
import type { Outbox } from './outbox.js';
import * as protocol from './protocol.js';
import { UntakenFrames } from './untaken-frames.js';

/** What a server's links need to take actor frames. */
export interface ActorEntrance {
  readonly gate: ActorGate;
  readonly creditBytes: number;
  /** Why nothing is taken from this peer, or undefined. Asked once for each link, at the first frame. */
  refusalOf(peer: ActorPeer): string | undefined;
}

/** Actor frames at the callee's end of one link. Made at the first of them. */
export class CalleeActors {
  private readonly untaken = new UntakenFrames();
  private readonly intake: ActorIntake | undefined;
  private isClosed = false;

  constructor(
    private readonly entrance: ActorEntrance,
    peer: ActorPeer,
    private readonly outbox: Outbox,
    private readonly onFault: (reason: string) => void,
  ) {
    const intake = this.admit(peer);
    if (typeof intake === 'string') this.outbox.control({ actorRefusal: { reason: intake } });
    else this.intake = intake;
  }

  receive(payload: Uint8Array): void {
    this.untaken.add(payload.length);
    // An honest caller never comes here; one that does is heard for one more frame.
    if (this.untaken.bytes > this.entrance.creditBytes + protocol.MAX_FRAME_BYTES) {
      return this.onFault('the caller sends actor frames without credit');
    }
    try {
      this.intake?.receive(payload);
    } catch (error) {
      warn(error);
    }
  }

  close(reason: string): void {
    this.isClosed = true;
    tellSafely(() => this.intake?.closed(reason));
  }

  /** Where frames go, or why nowhere. */
  private admit(peer: ActorPeer): ActorIntake | string {
    const { gate } = this.entrance;
    const refusal = this.entrance.refusalOf(peer);
    if (refusal !== undefined) return refusal;
    try {
      const intake = gate.open(
        peer,
        (payload) => this.answer(payload),
        () => this.taken(),
      );
      return intake ?? `no actor frames are taken from ${peer.instanceId}`;
    } catch (error) {
      warn(error);
      return 'its actors cannot be reached';
    }
  }

  private answer(payload: Uint8Array): boolean {
    if (payload.length > protocol.MAX_ACTOR_PAYLOAD_BYTES) {
      throw new RangeError(`${payload.length} bytes of actors; a frame takes ${protocol.MAX_ACTOR_PAYLOAD_BYTES}`);
    }
    if (this.isClosed || this.outbox.actorBacklogBytes >= protocol.MAX_ANSWER_BACKLOG_BYTES) return false;
    this.outbox.actors(payload);
    return true;
  }

  private taken(): void {
    if (this.isClosed) return;
    if (!this.untaken.take(this.untaken.taken + 1)) throw new Error('more actor frames were called taken than came');
    this.outbox.taken(this.untaken.taken);
  }
}
