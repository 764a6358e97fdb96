import { type AnyPid, type DeadLetterReason, type Terminated } from '../src/index.js';

/** One message from one actor to another. */
interface Numbered {
  readonly number: number;
  readonly from: string;
  /** The actor system that it was sent from. */
  readonly system: string;
  readonly handledBy: string[];
  readonly letters: DeadLetterReason[];
}

interface Asked {
  readonly what: string;
  readonly system: string;
  readonly process: string;
  readonly deadlineAt: number;
  isOpen: boolean;
  /** No answer can come any more, as the asker's process knows. */
  isVain: boolean;
}

interface Watched {
  readonly watcher: string;
  readonly watcherSystem: string;
  readonly target: AnyPid;
}

interface Ordered {
  readonly what: string;
  readonly system: string;
  readonly target: AnyPid;
}

/** What the laws need to know of the world. */
export interface Circumstances {
  readonly now: number;
  /** That actor system has crashed, or its process has a later one. */
  isOver(system: string): boolean;
  hasCrashed(system: string): boolean;
  /** The process of the first takes nothing from the other any more. */
  hasGivenUp(system: string, other: string): boolean;
  /** Nothing of that process runs now. */
  isPaused(system: string): boolean;
}

const ASK_SLACK_MS = 25;

/** Looks at all that actors send to each other, and says what must not have been. */
export class RemoteLaws {
  readonly faults: string[] = [];
  private readonly messages: Numbered[] = [];
  private readonly lastHeard = new Map<string, number>();
  private readonly asks: Asked[] = [];
  private readonly watches = new Map<string, Watched>();
  private readonly orders: Ordered[] = [];
  private readonly ended = new Set<string>();

  constructor(private readonly around: Circumstances) {}

  // Messages.

  told(from: string, system: string): number {
    const number = this.messages.length;
    this.messages.push({ number, from, system, handledBy: [], letters: [] });
    return number;
  }

  handled(number: number, by: string, system: string): void {
    const message = this.messages[number];
    if (message === undefined) return void this.faults.push(`${by} hears message ${number}, which nobody told`);
    if (message.handledBy.length > 0) this.faults.push(`message ${number} is handled again by ${by}`);
    message.handledBy.push(by);
    const pair = `${message.from} ${by}`;
    const last = this.lastHeard.get(pair) ?? -1;
    if (last >= number) this.faults.push(`${by} hears message ${number} of ${message.from} after ${last}`);
    this.lastHeard.set(pair, number);
    if (this.around.hasGivenUp(system, message.system)) {
      this.faults.push(`${this.around.now} ${by} hears ${message.from}, whose system it has given up`);
    }
  }

  lettered(number: number, reason: DeadLetterReason): void {
    this.messages[number]?.letters.push(reason);
  }

  // Asks.

  asked(asked: Omit<Asked, 'isOpen' | 'isVain'>, answer: Promise<unknown>): void {
    const entry: Asked = { ...asked, isOpen: true, isVain: false };
    this.asks.push(entry);
    const close = (): void => void (entry.isOpen = false);
    answer.then(close, close);
  }

  /** The system has heard that the other process will not come back. */
  gone(system: string, process: string): void {
    for (const ask of this.asks) if (ask.system === system && ask.process === process) ask.isVain = true;
  }

  // The life of actors.

  hasEnded(pid: AnyPid): void {
    const key = pid.toString();
    if (this.ended.has(key)) this.faults.push(`${key} ends twice`);
    this.ended.add(key);
  }

  isEnded(pid: AnyPid): boolean {
    return this.ended.has(pid.toString());
  }

  watched(watcher: AnyPid, target: AnyPid): void {
    const watch = { watcher: watcher.toString(), watcherSystem: watcher.address, target };
    this.watches.set(watchKey(watcher, target), watch);
  }

  unwatched(watcher: AnyPid, target: AnyPid): void {
    this.watches.delete(watchKey(watcher, target));
  }

  terminated(watcher: AnyPid, { reason, who }: Terminated): void {
    const words = `${watcher.toString()} hears that ${who.toString()} has ended (${reason})`;
    if (!this.watches.delete(watchKey(watcher, who))) this.faults.push(`${words} and does not watch it`);
    const isTrue = reason === 'address-terminated' ? this.isAway(watcher.address, who.address) : this.isEnded(who);
    if (!isTrue) this.faults.push(`${words}, which it has not`);
  }

  /** Somebody in that system wants the end of the target. */
  ordered(what: string, system: string, target: AnyPid): void {
    this.orders.push({ what, system, target });
  }

  // Looking.

  /** After each step. */
  look(): void {
    for (const ask of this.asks) {
      if (!ask.isOpen || this.around.hasCrashed(ask.system) || this.around.isPaused(ask.system)) continue;
      if (this.around.now > ask.deadlineAt + ASK_SLACK_MS) this.faults.push(`${ask.what} has not ended in time`);
      if (ask.isVain) this.faults.push(`${ask.what} waits for a process that is known to be gone`);
    }
  }

  /** When everything is healed and has come to rest. */
  lookBack(): void {
    for (const message of this.messages) this.lookAtMessage(message);
    for (const watch of this.watches.values()) this.lookAtWatch(watch);
    for (const { system, target, what } of this.orders) {
      const isExcused = this.around.isOver(system) || this.isAway(system, target.address);
      if (!isExcused && !this.isEnded(target)) this.faults.push(`${what} ${target.toString()} has no effect`);
    }
  }

  private lookAtMessage({ from, handledBy, letters, number, system }: Numbered): void {
    const isLost = handledBy.length === 0 && letters.length === 0;
    if (isLost && !this.around.hasCrashed(system)) this.faults.push(`message ${number} of ${from} is lost uncounted`);
    const known = letters.filter((reason) => reason !== 'connection-lost');
    if (handledBy.length > 0 && known.length > 0) {
      this.faults.push(`message ${number} of ${from} is handled, and a dead letter: ${known.join()}`);
    }
  }

  private lookAtWatch({ target, watcher, watcherSystem }: Watched): void {
    if (this.around.isOver(watcherSystem) || this.ended.has(watcher)) return;
    if (this.isEnded(target) || this.isAway(watcherSystem, target.address)) {
      this.faults.push(`${watcher} is never told that ${target.toString()} has ended`);
    }
  }

  private isAway(system: string, other: string): boolean {
    const { around } = this;
    return around.isOver(other) || around.hasGivenUp(system, other) || around.hasGivenUp(other, system);
  }
}

function watchKey(watcher: AnyPid, target: AnyPid): string {
  return `${watcher.toString()} ${target.toString()}`;
}
