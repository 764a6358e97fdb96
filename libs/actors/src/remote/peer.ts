import type { actors } from '@rookery/contracts/messages';
import type { DeadLetterReason } from '../local/dead-letter.js';
import type { AnyPid, Pid } from '../local/pid.js';
import { ASK_ID } from '../local/pending-ask.js';
import { bare } from '../local/queue-items.js';
import type { SystemMessage } from '../local/system-messages.js';
import { processOfAddress } from './addresses.js';
import type { Association } from './association.js';
import { Counterpart } from './counterpart.js';
import { readFrame } from './frame-reader.js';
import { noticeOf } from './notices.js';
import { Patience } from './patience.js';
import type { PeerHost } from './peer-host.port.js';
import type { Route, RouteListener } from './peer-network.port.js';
import { PeerTraffic } from './peer-traffic.js';
import { fromPid } from './pid.mapper.js';
import type { SignalBody } from './signals.js';
import type { WireType } from './wire-type.js';

/** A process with more signals to hear, the first of them for longer than this, will not catch up any more. */
const MAX_SIGNALS = 20_000;
const MAX_SIGNAL_AGE_MS = 60_000;
/** The version of what actor systems say to each other. */
export const PROTOCOL_VERSION = 1;

/** One other process, and the way to the actor system that it has. */
export class Peer implements RouteListener {
  private readonly traffic: PeerTraffic;
  private readonly there: Counterpart;
  private route: Route | undefined;
  /** Messages wait while this lasts; afterwards they fail at once, until there is a connection again. */
  private readonly patience = new Patience(() => this.endPatience());
  private lastTrouble = 'no connection was made';
  /** Greetings on this connection. */
  private greetings = 0;
  /** The latest connection from there on which we were greeted. */
  latestInbound = 0;

  constructor(
    private readonly host: PeerHost,
    /** As the first actor system of that process is called. */
    readonly process: string,
  ) {
    this.traffic = new PeerTraffic(host);
    this.there = new Counterpart(host, process, this.traffic, () => {
      if (this.route !== undefined) this.bePatient();
    });
  }

  get isUp(): boolean {
    return this.traffic.isOpen;
  }

  /** Nothing waits, and every signal has arrived. */
  get isQuiet(): boolean {
    return this.traffic.isEmpty && (this.there.association?.signals.size ?? 0) === 0;
  }

  /** The latest actor system of that process that we have heard of. */
  get address(): string {
    return this.there.address;
  }

  /** Opens the way, if it is not: to one that was given up, so that it is told so. */
  connect(): void {
    if (this.route !== undefined) return;
    this.route = this.host.network.open(this.process, this);
    this.bePatient();
  }

  // What our actors send there.

  tell(target: AnyPid, message: unknown, sender: Pid | undefined): void {
    const type = this.host.messages.typeOf(bare(message));
    this.there.learnFrom(target);
    if (type !== undefined && this.traffic.tell(target, message, sender, type)) return;
    const refusal = this.refusalOf(type);
    if (type !== undefined && refusal === undefined) {
      this.traffic.push({ target, message, sender, type });
      return this.connect();
    }
    const detail = type === undefined ? 'its type has no codec here' : undefined;
    this.traffic.refuse(target, message, sender, refusal ?? 'not-encodable', detail);
    // Word of it may have to go there.
    if (target.id === ASK_ID) this.connect();
  }

  /** Why a message cannot wait for its turn. */
  private refusalOf(type: WireType | undefined): DeadLetterReason | undefined {
    if (type === undefined) return 'not-encodable';
    if (this.there.isAway || !this.patience.lasts) return 'unreachable';
    return this.traffic.isFull ? 'queue-full' : undefined;
  }

  tellSystem(target: AnyPid, message: SystemMessage): void {
    switch (message.kind) {
      case 'stop':
        return this.signal(target, () => ({ stop: fromPid(target) }));
      case 'watch':
        return this.watch(message.watcher, target);
      case 'unwatch':
        return this.signal(target, (association) => association.unwatch(message.watcher, target));
      case 'ended':
        return this.signal(target, (association) => association.ended(target, message.who, message.reason));
      case 'undeliverable':
      case 'answerer-failed':
        return this.notify(noticeOf(target, message));
      default:
      // Families live in one process.
    }
  }

  poison(target: AnyPid): void {
    this.signal(target, () => ({ poison: fromPid(target) }));
  }

  private watch(watcher: AnyPid, target: AnyPid): void {
    if (this.there.meetSystemOf(target) === undefined) {
      return this.host.core.tellEnded(watcher, target, 'address-terminated');
    }
    this.signal(target, (association) => association.watch(watcher, target));
  }

  /** What is meant for a system that is not there any more is told to nobody. */
  private signal(target: AnyPid, make: (association: Association) => SignalBody): void {
    const association = this.there.meetSystemOf(target);
    if (association === undefined) return;
    const { signals } = association;
    const now = this.host.core.clock.monotonic();
    this.traffic.push(signals.add(make(association), now));
    const isBehind = signals.size > MAX_SIGNALS && now - (signals.waitingSince ?? now) > MAX_SIGNAL_AGE_MS;
    if (isBehind) this.giveUp('it has fallen too far behind');
    this.connect();
  }

  private notify(notice: actors.Notice): void {
    if (this.there.isAway || !this.patience.lasts) return; // The ask ends at its deadline.
    this.traffic.push({ notice });
    this.connect();
  }

  // Who is there.

  /** The process says that it has that actor system. Undefined when nothing is taken from it. */
  meet(address: string, askOrigin?: number): Association | undefined {
    return this.there.meet(address, askOrigin);
  }

  /** Our own actor system ends: nothing of it is left here. */
  part(): void {
    this.traffic.failWaiting();
    this.there.forget();
    this.there.hasRefused = false;
  }

  /** Our own actor system is another. */
  meetAnew(): void {
    if (this.traffic.isConnected) this.greet();
  }

  /** The system there is not there for us any more, whatever comes from it later. It is told so as soon as it is reached. */
  giveUp(reason: string): void {
    if (this.there.isOver) return;
    this.there.isOver = true;
    this.host.putInQuarantine(this.address);
    if (this.traffic.isOpen) this.sayFarewell();
    this.lose();
    this.host.core.reportPeer(this.process, reason);
    this.host.peerChanged(this.process, 'gone');
  }

  /** The system there has given ours up. */
  refused(): void {
    if (this.there.hasRefused) return;
    const wasOpen = this.traffic.isOpen;
    this.there.hasRefused = true;
    this.lose();
    if (wasOpen) this.host.peerChanged(this.process, 'down');
    this.host.givenUpBy(this.process);
  }

  close(): void {
    this.there.hasRefused = true;
    this.closeRoute();
    this.traffic.failWaiting();
    this.patience.restore();
  }

  private closeRoute(): void {
    this.traffic.disconnect();
    this.route?.close();
    this.route = undefined;
  }

  private lose(): void {
    this.traffic.failWaiting();
    this.there.forget();
    this.patience.restore();
  }

  private sayFarewell(): void {
    const answer = { version: PROTOCOL_VERSION, greeting: this.greetings, receivedSignal: 0, isQuarantined: true };
    this.traffic.say({ welcome: { ...this.host.self, ...answer } });
  }

  // What the way there says.

  up(): void {
    if (this.route === undefined) return;
    this.traffic.connect(this.route);
    this.greetings = 0;
    this.greet();
  }

  answered(frame: Uint8Array): void {
    try {
      readFrame(frame, this);
    } catch (error) {
      this.host.core.reportPeer(this.process, `its answer cannot be read: ${String(error)}`);
    }
  }

  taken(frames: number): void {
    this.traffic.arrived(frames);
  }

  writable(): void {
    this.traffic.writable();
  }

  down(reason: string): void {
    this.lastTrouble = reason;
    const wasOpen = this.traffic.isOpen;
    this.traffic.disconnect();
    if (!wasOpen) return;
    this.bePatient();
    this.host.peerChanged(this.process, 'down');
  }

  gone(reason: string): void {
    this.giveUp(reason);
    this.closeRoute();
  }

  onTell(): void {
    // Messages of users come on the other process's own way.
  }

  onEntry({ acknowledge, welcome }: actors.Entry): void {
    if (welcome !== undefined) this.onWelcome(welcome);
    else if (acknowledge !== undefined) this.onAcknowledge(acknowledge);
  }

  private onWelcome(welcome: actors.Welcome): void {
    const isOver = this.host.isQuarantined(welcome.address);
    if (isOver) this.sayFarewell();
    if (welcome.isQuarantined) this.onRefusal(welcome);
    if (isOver || welcome.isQuarantined) return;
    const association = this.meet(welcome.address, welcome.askOrigin);
    if (association === undefined || !this.traffic.isConnected) return;
    // A new system has taken over in the middle of the connection, and knows nobody yet.
    if (welcome.greeting === 0) return this.greet();
    if (welcome.greeting !== this.greetings) return;
    const wasOpen = this.traffic.isOpen;
    association.signals.acknowledge(welcome.receivedSignal);
    this.patience.restore();
    this.traffic.open(association);
    if (!wasOpen) this.host.peerChanged(this.process, 'up');
  }

  /** It may have been meant for our former system. */
  private onRefusal({ greeting }: actors.Welcome): void {
    if (greeting === this.greetings) this.refused();
  }

  /** One of before the last greeting is about signals that are numbered anew since. */
  private onAcknowledge({ greeting, signal }: actors.Acknowledge): void {
    if (greeting === this.greetings) this.there.association?.signals.acknowledge(signal);
  }

  private greet(): void {
    this.traffic.greet({ ...this.host.self, version: PROTOCOL_VERSION, greeting: ++this.greetings });
  }

  /** Something has come from there: what is said in return may wait for our own way, as if it had just broken. */
  heard(): void {
    if (!this.patience.lasts && !this.there.isAway) this.bePatient();
  }

  private bePatient(): void {
    this.patience.begin(this.host.core.scheduler, this.host.patienceMs);
  }

  /** Whoever waits for that process should not wait for ever. */
  private endPatience(): void {
    this.host.core.reportPeer(this.process, `it cannot be reached: ${this.lastTrouble}`);
    this.traffic.failWaiting();
    this.host.core.failAsks(({ address }) => processOfAddress(address) === this.process);
  }
}
