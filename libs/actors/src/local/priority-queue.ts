import { MessageRing } from './message-ring.js';
import type { Pid } from './pid.js';
import { bare, Poison } from './queue-items.js';
import { type MailboxListener, UserQueue } from './user-queue.js';

/** A level is served at the latest after so many messages of other levels, times how far below the first it is. */
const PATIENCE = 16;

/**
 * A mailbox of levels, 0 first. Whatever comes, no level starves: what waits in level n is passed over by at most
 * `PATIENCE` × n messages of the levels above it, and by those of lower levels whose own time has come. Order is kept within a level.
 */
export class PriorityQueue extends UserQueue {
  private readonly levels: readonly MessageRing[];
  private readonly passedOver: number[];
  /** A poison and all that came after it, once there is one. */
  private ending: MessageRing | undefined;
  private chosen = -1;
  private count = 0;

  constructor(
    levels: number,
    private readonly levelOf: (message: unknown) => number,
  ) {
    super();
    if (!Number.isInteger(levels) || levels < 1) throw new RangeError(`a mailbox has at least 1 level, not ${levels}`);
    this.levels = Array.from({ length: levels }, () => new MessageRing());
    this.passedOver = new Array<number>(levels).fill(0);
  }

  get length(): number {
    return this.count + (this.ending?.length ?? 0);
  }

  push(message: unknown, sender: Pid | undefined, listener: MailboxListener): void {
    if (this.ending !== undefined) return this.ending.pushAnyway(message, sender);
    let level = this.levels.length - 1;
    try {
      level = this.levelOf(bare(message));
    } catch (error) {
      listener.ruleFailed(error, bare(message));
    }
    this.put(level, message, sender);
  }

  /** What the runtime puts among the messages is as urgent as the least urgent; a poison waits for all that came before it. */
  pushAnyway(message: unknown, sender: Pid | undefined): void {
    if (message instanceof Poison) this.ending ??= new MessageRing();
    if (this.ending !== undefined) this.ending.pushAnyway(message, sender);
    else this.put(this.levels.length - 1, message, sender);
  }

  pushFront(message: unknown, sender: Pid | undefined): void {
    this.ringAt(0).pushFront(message, sender);
    this.count++;
    this.chosen = 0;
  }

  get firstSender(): Pid | undefined {
    return this.count > 0 ? this.ringAt(this.choose()).firstSender : this.ending?.firstSender;
  }

  shift(): unknown {
    if (this.count === 0 && this.ending !== undefined) return this.ending.shift();
    const chosen = this.choose();
    this.chosen = -1;
    for (let level = chosen + 1; level < this.levels.length; level++) {
      if (this.ringAt(level).length > 0) this.passedOver[level] = (this.passedOver[level] ?? 0) + 1;
    }
    this.passedOver[chosen] = 0;
    this.count--;
    return this.ringAt(chosen).shift();
  }

  private put(level: number, message: unknown, sender: Pid | undefined): void {
    this.ringAt(level).pushAnyway(message, sender);
    this.count++;
    this.chosen = -1;
  }

  /** The lowest level that has been passed over too often, or else the first that has a message. */
  private choose(): number {
    if (this.chosen >= 0) return this.chosen;
    let chosen = this.levels.findIndex(({ length }) => length > 0);
    for (let level = this.levels.length - 1; level > chosen; level--) {
      if (this.ringAt(level).length > 0 && (this.passedOver[level] ?? 0) >= PATIENCE * level) {
        chosen = level;
        break;
      }
    }
    return (this.chosen = chosen);
  }

  /** A level that does not exist counts as the nearest that does. */
  private ringAt(level: number): MessageRing {
    const nearest = Math.min(this.levels.length - 1, Math.max(0, Math.floor(level) || 0));
    const ring = this.levels[nearest];
    if (ring === undefined) throw new RangeError(`no level ${nearest}`);
    return ring;
  }
}
