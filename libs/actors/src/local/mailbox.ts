import { BoundedQueue, type OverflowRule } from './bounded-queue.js';
import { MessageRing } from './message-ring.js';
import { PriorityQueue } from './priority-queue.js';
import type { UserQueue } from './user-queue.js';

/** The kind of mailbox that an actor gets, made by `unboundedMailbox`, `boundedMailbox` or `priorityMailbox`. */
export interface Mailbox {
  readonly createQueue: () => UserQueue;
  /** The sender of what a full mailbox refuses is told. */
  readonly isRejecting: boolean;
}

const unbounded: Mailbox = { createQueue: () => new MessageRing(), isRejecting: false };

/** The default: it takes everything, as long as there is memory. */
export function unboundedMailbox(): Mailbox {
  return unbounded;
}

/**
 * Holds at most `capacity` messages. What does not fit, by `overflow`: the new message (`drop-newest`), the oldest
 * (`drop-oldest`), or the new one with word to its sender (`reject`: an ask fails with MAILBOX_FULL, an actor hears
 * `Rejected`). Each becomes a dead letter. The runtime's own messages and what an actor unstashes do not count.
 */
export function boundedMailbox(capacity: number, overflow: OverflowRule = 'reject'): Mailbox {
  const createQueue = (): UserQueue => new BoundedQueue(capacity, overflow);
  createQueue();
  return { createQueue, isRejecting: overflow === 'reject' };
}

/**
 * Serves messages by level, 0 first, as `levelOf` names it; a level that does not exist counts as the nearest. Levels age, so
 * that a flood of urgent messages delays the others but cannot starve them. What the runtime puts among messages is as urgent
 * as the least urgent: in a flood, `Terminated` may come ahead of the last that its actor had sent.
 */
export function priorityMailbox(levels: number, levelOf: (message: unknown) => number): Mailbox {
  const createQueue = (): UserQueue => new PriorityQueue(levels, levelOf);
  createQueue();
  return { createQueue, isRejecting: false };
}
