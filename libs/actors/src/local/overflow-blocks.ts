import type { Pid } from './pid.js';

/** A block holds 1024 messages with their senders. A power of two, because a block becomes a ring in its turn. */
export const SLOTS_OF_BLOCK = 2048;

interface Block {
  readonly slots: unknown[];
  used: number;
  next: Block | undefined;
}

/** What a flooded mailbox holds beyond its ring, in blocks that are filled one after the other and taken out whole. */
export class OverflowBlocks {
  /** Messages in it. */
  length = 0;
  /** Messages in the block that was taken out last. */
  taken = 0;
  private first: Block = { slots: new Array<unknown>(SLOTS_OF_BLOCK), used: 0, next: undefined };
  private last = this.first;
  private spare: unknown[] | undefined;

  /** How many messages it has room for. */
  get capacity(): number {
    let blocks = this.spare === undefined ? 0 : 1;
    for (let block: Block | undefined = this.first; block !== undefined; block = block.next) blocks++;
    return (blocks * SLOTS_OF_BLOCK) / 2;
  }

  push(message: unknown, sender: Pid | undefined): void {
    let { last } = this;
    if (last.used === SLOTS_OF_BLOCK) last = this.addBlock();
    const { slots, used } = last;
    slots[used] = message;
    slots[used + 1] = sender;
    last.used = used + 2;
    this.length++;
  }

  /** The slots of the first block, of which `taken` messages are used. `emptied` may be filled again. */
  takeBlock(emptied: unknown[]): unknown[] {
    const { first } = this;
    this.taken = first.used / 2;
    this.length -= this.taken;
    if (emptied.length === SLOTS_OF_BLOCK) this.spare = emptied;
    if (first.next !== undefined) this.first = first.next;
    return first.slots;
  }

  /** Whether such a message is in it. */
  some(isSought: (message: unknown) => boolean): boolean {
    for (let block: Block | undefined = this.first; block !== undefined; block = block.next) {
      for (let index = 0; index < block.used; index += 2) if (isSought(block.slots[index])) return true;
    }
    return false;
  }

  private addBlock(): Block {
    const block: Block = { slots: this.spare ?? new Array<unknown>(SLOTS_OF_BLOCK), used: 0, next: undefined };
    this.spare = undefined;
    this.last.next = block;
    return (this.last = block);
  }
}
