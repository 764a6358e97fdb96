import { DomainError } from '@rookery/runtime';
import { MessageRing } from './message-ring.js';
import type { Pid } from './pid.js';
import type { UserQueue } from './user-queue.js';

/** Messages that an actor has put aside, with their senders, in the order in which it did. */
export class Stash {
  private readonly ring = new MessageRing();

  constructor(private readonly capacity: number) {}

  get length(): number {
    return this.ring.length;
  }

  add(message: unknown, sender: Pid | undefined): void {
    if (this.ring.length >= this.capacity) {
      throw new DomainError('STASH_FULL', `the stash holds ${this.capacity} messages already`, {
        kind: 'resource-exhausted',
      });
    }
    this.ring.pushAnyway(message, sender);
  }

  /** Puts all back in front of `queue`. */
  returnTo(queue: UserQueue): void {
    const taken: [message: unknown, sender: Pid | undefined][] = [];
    while (this.ring.length > 0) {
      const sender = this.ring.firstSender;
      taken.push([this.ring.shift(), sender]);
    }
    for (const [message, sender] of taken.reverse()) queue.pushFront(message, sender);
  }
}
