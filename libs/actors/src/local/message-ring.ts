import { OverflowBlocks, SLOTS_OF_BLOCK } from './overflow-blocks.js';
import type { Pid } from './pid.js';
import { type MailboxListener, UserQueue } from './user-queue.js';

const FIRST_SLOTS = 8;
/** How often a ring runs empty, without having to grow, before it halves. */
const PATIENCE = 16;

/**
 * The mailbox without a limit: a ring of messages with their senders, side by side in one array, which doubles when it is full
 * and halves when it stays mostly empty. A flood that is more than the largest ring goes into blocks behind it, so that memory
 * follows the backlog and nothing is copied.
 */
export class MessageRing extends UserQueue {
  /** Message and sender take turns; undefined until the first message, because most actors of a million are idle. */
  private slots: unknown[] | undefined;
  private head = 0;
  private count = 0;
  private timesEmpty = 0;
  /** Empty only together with the ring: what it holds comes behind. */
  private behind: OverflowBlocks | undefined;

  get length(): number {
    return this.behind === undefined ? this.count : this.count + this.behind.length;
  }

  /** How many messages it has room for; for tests. */
  get capacity(): number {
    return (this.slots?.length ?? 0) / 2 + (this.behind?.capacity ?? 0);
  }

  push(message: unknown, sender: Pid | undefined, _listener: MailboxListener): void {
    this.pushAnyway(message, sender);
  }

  pushAnyway(message: unknown, sender: Pid | undefined): void {
    let { slots } = this;
    if (this.behind !== undefined) return this.behind.push(message, sender);
    if (slots === undefined || this.count * 2 === slots.length) {
      if (slots !== undefined && slots.length >= SLOTS_OF_BLOCK) return this.overflow().push(message, sender);
      slots = this.grow();
    }
    const tail = (this.head + this.count * 2) & (slots.length - 1);
    slots[tail] = message;
    slots[tail + 1] = sender;
    this.count++;
  }

  pushFront(message: unknown, sender: Pid | undefined): void {
    let { slots } = this;
    if (slots === undefined || this.count * 2 === slots.length) slots = this.grow();
    this.head = (this.head - 2) & (slots.length - 1);
    slots[this.head] = message;
    slots[this.head + 1] = sender;
    this.count++;
  }

  get firstSender(): Pid | undefined {
    return this.slots?.[this.head + 1] as Pid | undefined;
  }

  shift(): unknown {
    const { slots, head } = this;
    if (slots === undefined || this.count === 0) throw new RangeError('the ring is empty');
    const message = slots[head];
    slots[head] = undefined;
    slots[head + 1] = undefined;
    this.head = (head + 2) & (slots.length - 1);
    if (--this.count === 0 && slots.length > FIRST_SLOTS) this.ranEmpty(slots);
    return message;
  }

  /** Whether such a message is in it. */
  some(isSought: (message: unknown) => boolean): boolean {
    const { head, slots = [] } = this;
    for (let index = 0; index < this.count; index++) {
      if (isSought(slots[(head + index * 2) & (slots.length - 1)])) return true;
    }
    return this.behind?.some(isSought) === true;
  }

  /** Takes out the first message that `isWanted`, with its sender; what stands before it stays where it is. */
  protected takeFirst(isWanted: (message: unknown) => boolean): readonly [unknown, Pid | undefined] | undefined {
    const before: [unknown, Pid | undefined][] = [];
    let found: readonly [unknown, Pid | undefined] | undefined;
    while (found === undefined && this.count > 0) {
      const sender = this.firstSender;
      const message = this.shift();
      if (isWanted(message)) found = [message, sender];
      else before.push([message, sender]);
    }
    for (const [message, sender] of before.reverse()) this.pushFront(message, sender);
    return found;
  }

  private overflow(): OverflowBlocks {
    return (this.behind = new OverflowBlocks());
  }

  private grow(): unknown[] {
    this.timesEmpty = 0;
    return this.resize(this.slots === undefined ? FIRST_SLOTS : this.slots.length * 2);
  }

  private ranEmpty(slots: unknown[]): void {
    const { behind } = this;
    if (behind !== undefined) {
      this.slots = behind.takeBlock(slots);
      this.count = behind.taken;
      this.head = 0;
      if (behind.length === 0) this.behind = undefined;
    } else if (slots.length > SLOTS_OF_BLOCK || ++this.timesEmpty >= PATIENCE) {
      this.timesEmpty = 0;
      this.resize(Math.min(SLOTS_OF_BLOCK, slots.length / 2));
    }
  }

  private resize(length: number): unknown[] {
    const { slots = [], head } = this;
    const used = this.count * 2;
    const unwrapped = Math.min(used, slots.length - head);
    const resized = new Array<unknown>(length);
    for (let index = 0; index < unwrapped; index++) resized[index] = slots[head + index];
    for (let index = unwrapped; index < used; index++) resized[index] = slots[index - unwrapped];
    this.head = 0;
    return (this.slots = resized);
  }
}
