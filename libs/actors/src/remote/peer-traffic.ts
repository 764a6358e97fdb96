import type { actors } from '@rookery/contracts/messages';
import type { DeadLetterReason } from '../local/dead-letter.js';
import { NO_HEADERS } from '../local/message-headers.js';
import { ANY_INCARNATION, type AnyPid, type Pid } from '../local/pid.js';
import { bare, WithHeaders } from '../local/queue-items.js';
import { type Association, entryOf } from './association.js';
import { Outbound } from './outbound.js';
import type { PeerHost } from './peer-host.port.js';
import type { Route } from './peer-network.port.js';
import type { NumberedSignal } from './signals.js';
import { isMessage, isSignal, type Waiting, WaitingLane } from './waiting-lane.js';
import type { WireType } from './wire-type.js';

/** Hears of a message that does not go there, and why. */
export type Refuse = (
  target: AnyPid,
  message: unknown,
  sender: Pid | undefined,
  reason: DeadLetterReason,
  detail?: string,
) => void;

/**
 * What goes out to one process: written at once while both sides know each other and there is room, kept in order until then.
 */
export class PeerTraffic {
  private readonly lane = new WaitingLane();
  private outbound: Outbound | undefined;
  /** Undefined until both sides know each other. */
  private association: Association | undefined;
  private isFlushDue = false;

  constructor(
    private readonly host: PeerHost,
    private readonly refuse: Refuse,
  ) {}

  get isOpen(): boolean {
    return this.association !== undefined;
  }

  get isConnected(): boolean {
    return this.outbound !== undefined;
  }

  /** Nothing waits, and what was sent has arrived. */
  get isQuiet(): boolean {
    return this.lane.isEmpty && this.outbound?.isQuiet !== false;
  }

  get isFull(): boolean {
    return this.lane.messageCount >= this.host.queueLimit;
  }

  /** A fresh connection stands. */
  connect(route: Route): void {
    this.outbound = new Outbound(route, this.host.network.largestFrameBytes);
  }

  /** Both sides know each other: first what may have been lost goes out again, then what waits. */
  open(association: Association): void {
    this.association = association;
    for (const signal of association.signals.sent()) this.outbound?.entry(entryOf(signal));
    this.pump();
  }

  /** The first word on a connection, or of another of our systems: until it is answered nothing else goes out. */
  greet(hello: actors.Hello): void {
    this.association = undefined;
    this.say({ hello });
    this.outbound?.restartNames();
  }

  /** One of the two systems is gone, although the connection stands: what was on its way is lost, signals do not count. */
  forget(): void {
    this.association = undefined;
    this.lane.dropSignals();
    this.outbound?.lose(this.isLost);
  }

  /** The connection has ended, with what had not arrived. */
  disconnect(): void {
    const { outbound } = this;
    this.outbound = undefined;
    this.association = undefined;
    outbound?.lose(this.isLost);
  }

  private readonly isLost = (target: AnyPid, message: unknown, sender: Pid | undefined): void =>
    this.refuse(target, message, sender, 'connection-lost');

  /** Sends at once what the two systems say to each other about themselves. */
  say(entry: Partial<actors.Entry>): void {
    this.outbound?.entry(entry);
    this.outbound?.flush();
  }

  arrived(frames: number): void {
    this.outbound?.arrived(frames);
  }

  /** There is room again. */
  writable(): void {
    this.outbound?.writable();
    this.pump();
  }

  /** Sends a message now; false when it has to wait. Takes its parts, because most messages need no object of their own. */
  tell(target: AnyPid, message: unknown, sender: Pid | undefined, type: WireType): boolean {
    const { association, outbound } = this;
    if (association === undefined || outbound?.hasRoom !== true || !this.lane.isEmpty) return false;
    this.write(target, message, sender, type, association, outbound);
    this.flushSoon();
    return true;
  }

  /** Sends as soon as that can be. */
  push(item: Waiting): void {
    if (isMessage(item)) this.lane.pushMessage(item);
    else this.lane.push(item);
    this.pump();
  }

  pump(): void {
    const { association, outbound } = this;
    if (association === undefined || outbound === undefined) return;
    while (outbound.hasRoom && !this.lane.isEmpty) {
      const item = this.lane.shift();
      if (item === undefined) break;
      if (isMessage(item)) this.write(item.target, item.message, item.sender, item.type, association, outbound);
      else if (isSignal(item)) writeSignal(item, outbound);
      else outbound.entry(item);
    }
    this.flushSoon();
  }

  askersWaiting(): ReadonlySet<Pid> {
    return this.lane.senders();
  }

  /** What need not arrive does not wait any longer. */
  failWaiting(detail?: string): void {
    for (const { message, sender, target } of this.lane.takeMessages()) {
      this.refuse(target, message, sender, 'unreachable', detail);
    }
  }

  private write(
    target: AnyPid,
    message: unknown,
    sender: Pid | undefined,
    type: WireType,
    association: Association,
    outbound: Outbound,
  ): void {
    const isThere = target.incarnation === ANY_INCARNATION || target.address === association.address;
    if (!isThere) return this.refuse(target, message, sender, 'stopped');
    const headers = message instanceof WithHeaders ? message.headers : NO_HEADERS;
    try {
      outbound.tell(this.host.self, association, target, sender, type, bare(message), headers);
    } catch (error) {
      this.refuse(target, message, sender, 'not-encodable', String(error));
    }
  }

  /** Behind everything that is told in this turn. */
  private flushSoon(): void {
    if (this.isFlushDue) return;
    this.isFlushDue = true;
    this.host.core.scheduler.microtask(() => {
      this.isFlushDue = false;
      this.outbound?.flush();
    });
  }
}

function writeSignal(signal: NumberedSignal, outbound: Outbound): void {
  signal.wasSent = true;
  outbound.entry(entryOf(signal));
}
