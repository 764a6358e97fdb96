import type { TerminatedReason } from './lifecycle-messages.js';
import type { MessageHeaders } from './message-headers.js';
import type { AnyPid, Pid } from './pid.js';

/** Something in the mailbox that is more than a plain message. Told apart by its class, so no user's message can be one. */
export abstract class QueueItem {}

/** A user's message with headers. */
export class WithHeaders extends QueueItem {
  constructor(
    readonly message: unknown,
    readonly headers: MessageHeaders,
  ) {
    super();
  }
}

/** What the runtime puts among the messages of users. No limit of a mailbox counts it, and none drops it. */
export abstract class RuntimeItem extends QueueItem {}

/** Ends the actor when all that came before it has been handled. */
export class Poison extends RuntimeItem {
  static readonly pill = new Poison();
}

/** The end of a watched actor, in its place behind what that actor had sent. Void when the watch was given up meanwhile. */
export class EndOfWatched extends RuntimeItem {
  constructor(
    readonly who: AnyPid,
    readonly reason: TerminatedReason,
  ) {
    super();
  }
}

/** A timer is due. Void when it was cancelled or started anew since. */
export class TimerFired extends RuntimeItem {
  constructor(
    readonly key: string,
    readonly generation: number,
  ) {
    super();
  }
}

/** No message has come for a while. Void when one has come since. */
export class SilenceNoticed extends RuntimeItem {}

/** What is true of one message at hand, in its turn and in what goes on after that. */
export interface Turn {
  hasStashed: boolean;
}

/** A turn that waits for a promise, with the message that was at hand. */
export interface Reentry {
  readonly turn: Turn;
  readonly message: unknown;
  readonly sender: Pid | undefined;
  readonly headers: MessageHeaders;
}

/** The rest of such a turn. Void when the actor has been made again since. */
export class Continuation extends RuntimeItem {
  constructor(
    readonly reentry: Reentry,
    readonly run: () => void | PromiseLike<void>,
  ) {
    super();
  }
}

/** The user's message in a slot of a mailbox. */
export function bare(slot: unknown): unknown {
  return slot instanceof WithHeaders ? slot.message : slot;
}
