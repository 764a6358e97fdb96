import type { link } from '@rookery/contracts/messages';
import type { Cancellable, Scheduler } from '@rookery/runtime';

import type { Outbox } from './outbox.js';
import * as protocol from './protocol.js';
import { UntakenFrames } from './untaken-frames.js';

/** Who sends actor frames by a link. */
export interface LinkActorUser {
  /** The link stands, and takes frames of this user from now on. */
  up(actors: CallerActors): void;
  answered(payload: Uint8Array): void;
  taken(frames: number): void;
  writable(): void;
  down(reason: string): void;
}

export interface CallerActorsHost {
  /** The peer broke a rule. */
  fault(reason: string): void;
  /** Nobody sends actor frames any more. */
  released(): void;
}

/** Actor frames at the caller's end of one link: whether the callee takes them, its credit, and for whom they go. */
export class CallerActors {
  private readonly untaken = new UntakenFrames();
  /** 0 while the callee takes no frames. */
  private creditBytes = 0;
  private user: LinkActorUser | undefined;
  private isUp = false;
  /** The user found no room, or too little. */
  private isShort = false;
  /** Frames that were sent on this link before its user came. */
  private sentBefore = 0;
  private welcome: Cancellable | undefined;

  constructor(
    private readonly outbox: Outbox,
    private readonly scheduler: Scheduler,
    private readonly host: CallerActorsHost,
  ) {}

  /** A link in use stays open when its provider says goodbye: actors have something to hand over. */
  get isInUse(): boolean {
    return this.user !== undefined && this.creditBytes > 0;
  }

  /** The largest payload that credit and socket let through now. */
  get room(): number {
    if (!this.isUp || this.outbox.isActorsBlocked) return 0;
    return Math.max(0, this.creditBytes - this.untaken.bytes - protocol.ACTOR_FRAME_OVERHEAD);
  }

  /** `user` hears of the link in a later turn, if it stands already. */
  attach(user: LinkActorUser): void {
    this.user = user;
    if (this.creditBytes > 0) this.welcome = this.scheduler.macrotask(() => this.rise());
  }

  detach(): void {
    this.user = undefined;
    this.isUp = false;
    this.welcome?.cancel();
    this.host.released();
  }

  send(payload: Uint8Array): boolean {
    if (payload.length > protocol.MAX_ACTOR_PAYLOAD_BYTES) {
      throw new RangeError(`${payload.length} bytes of actors; a frame takes ${protocol.MAX_ACTOR_PAYLOAD_BYTES}`);
    }
    if (payload.length > this.room || this.room === 0) {
      this.isShort = true;
      return false;
    }
    this.untaken.add(payload.length);
    this.outbox.actors(payload);
    if (this.room === 0) this.isShort = true;
    return true;
  }

  greeted({ features, actorCredit, maxFrameBytes }: link.Hello): void {
    const takesAll = maxFrameBytes === 0 || maxFrameBytes >= protocol.MAX_FRAME_BYTES;
    if (!features.includes(protocol.ACTORS_FEATURE) || !takesAll) return;
    this.creditBytes = Math.min(actorCredit, protocol.MAX_ACTOR_CREDIT_BYTES);
    if (this.user !== undefined && this.creditBytes > 0) this.rise();
  }

  /** Frames from the callee: nobody hears those that come after the user has left. */
  answered(payload: Uint8Array): void {
    if (this.isUp) this.user?.answered(payload);
  }

  taken(frames: number): void {
    const isNews = frames > this.untaken.taken;
    if (!this.untaken.take(frames)) return this.host.fault(`took ${frames} actor frames of ${this.untaken.total}`);
    if (!isNews || !this.isUp) return;
    if (frames > this.sentBefore) this.user?.taken(frames - this.sentBefore);
    this.tellRoom();
  }

  refused(reason: string): void {
    this.ended(reason);
    this.host.released();
  }

  unblocked(): void {
    this.tellRoom();
  }

  /** The link ended. */
  ended(reason: string): void {
    this.creditBytes = 0;
    this.welcome?.cancel();
    if (!this.isUp) return;
    this.isUp = false;
    this.user?.down(reason);
  }

  private rise(): void {
    this.isUp = true;
    this.isShort = this.room === 0;
    this.sentBefore = this.untaken.total;
    this.user?.up(this);
  }

  private tellRoom(): void {
    if (!this.isShort || this.room === 0) return;
    this.isShort = false;
    this.user?.writable();
  }
}
