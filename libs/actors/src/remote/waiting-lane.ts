import type { actors } from '@rookery/contracts/messages';
import type { AnyPid, Pid } from '../local/pid.js';
import type { NumberedSignal } from './signals.js';
import type { WireType } from './wire-type.js';

/** A message of a user that waits for a connection, or for room on it. */
export interface WaitingMessage {
  readonly target: AnyPid;
  readonly message: unknown;
  readonly sender: Pid | undefined;
  readonly type: WireType;
}

/** Word to an ask. */
export interface WaitingNotice {
  readonly notice: actors.Notice;
}

export type Waiting = WaitingMessage | NumberedSignal | WaitingNotice;

/** What waits to be sent to one process, in the order in which it was told. */
export class WaitingLane {
  private items: Waiting[] = [];
  private head = 0;
  private messages = 0;

  get isEmpty(): boolean {
    return this.head === this.items.length;
  }

  /** Messages of users among it. */
  get messageCount(): number {
    return this.messages;
  }

  pushMessage(message: WaitingMessage): void {
    this.items.push(message);
    this.messages++;
  }

  push(item: NumberedSignal | WaitingNotice): void {
    this.items.push(item);
  }

  /** The next one; undefined when there is none. */
  shift(): Waiting | undefined {
    const item = this.items[this.head];
    if (item === undefined) return undefined;
    this.head++;
    if (isMessage(item)) this.messages--;
    if (this.head >= COMPACT_AT && this.head * 2 >= this.items.length) this.compact();
    else if (this.head === this.items.length) this.compact();
    return item;
  }

  /** What was taken is let go of in runs, so that taking one costs nothing. */
  private compact(): void {
    this.items = this.items.slice(this.head);
    this.head = 0;
  }

  /** Takes out all that need not arrive; signals stay. */
  takeMessages(): readonly WaitingMessage[] {
    const all = this.items.slice(this.head);
    this.head = 0;
    this.messages = 0;
    this.items = all.filter(isSignal);
    return all.filter(isMessage);
  }

  /** Of the messages of users among it. */
  senders(): ReadonlySet<Pid> {
    const waiting = this.items.slice(this.head).filter(isMessage);
    return new Set(waiting.flatMap(({ sender }) => (sender === undefined ? [] : [sender])));
  }

  dropSignals(): void {
    this.items = this.items.slice(this.head).filter((item) => !isSignal(item));
    this.head = 0;
  }
}

const COMPACT_AT = 1024;

export function isMessage(item: Waiting): item is WaitingMessage {
  return 'target' in item;
}

export function isSignal(item: Waiting): item is NumberedSignal {
  return 'number' in item;
}
