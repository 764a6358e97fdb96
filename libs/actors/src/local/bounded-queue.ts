import { MessageRing } from './message-ring.js';
import type { Pid } from './pid.js';
import { RuntimeItem } from './queue-items.js';
import type { MailboxListener } from './user-queue.js';

/** What a full mailbox does: refuse what comes, quietly or so that the sender hears of it, or make room for it. */
export type OverflowRule = 'drop-newest' | 'drop-oldest' | 'reject';

const isOfUser = (message: unknown): boolean => !(message instanceof RuntimeItem);

/** A mailbox that holds at most `capacity` messages of users. What the runtime puts among them has room beyond that. */
export class BoundedQueue extends MessageRing {
  private runtimeItems = 0;

  constructor(
    private readonly limit: number,
    private readonly rule: OverflowRule,
  ) {
    super();
    if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`a mailbox holds at least 1 message, not ${limit}`);
  }

  override push(message: unknown, sender: Pid | undefined, listener: MailboxListener): void {
    if (this.length - this.runtimeItems < this.limit) return super.pushAnyway(message, sender);
    const oldest = this.rule === 'drop-oldest' ? this.takeFirst(isOfUser) : undefined;
    if (oldest === undefined) return listener.overflowed(message, sender, 'mailbox-full');
    super.pushAnyway(message, sender);
    listener.overflowed(...oldest, 'dropped-oldest');
  }

  override pushAnyway(message: unknown, sender: Pid | undefined): void {
    if (!isOfUser(message)) this.runtimeItems++;
    super.pushAnyway(message, sender);
  }

  override pushFront(message: unknown, sender: Pid | undefined): void {
    if (!isOfUser(message)) this.runtimeItems++;
    super.pushFront(message, sender);
  }

  override shift(): unknown {
    const message = super.shift();
    if (!isOfUser(message)) this.runtimeItems--;
    return message;
  }
}
