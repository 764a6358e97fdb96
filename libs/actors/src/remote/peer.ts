import type { actors } from '@rookery/contracts/messages';
import type { DeadLetterReason } from '../local/dead-letter.js';
import { ANY_INCARNATION, type AnyPid, type Pid } from '../local/pid.js';
import { bare } from '../local/queue-items.js';
import type { SystemMessage } from '../local/system-messages.js';
import { generationOf, processOfAddress } from './addresses.js';
import { Association } from './association.js';
import { readFrame } from './frame-reader.js';
import { noticeOf } from './notices.js';
import type { PeerHost } from './peer-host.port.js';
import type { Route, RouteListener } from './peer-network.port.js';
import { Patience } from './patience.js';
import { PeerTraffic } from './peer-traffic.js';
import { fromPid } from './pid.mapper.js';
import type { SignalBody } from './signals.js';
import type { WireType } from './wire-type.js';

/** Signals that may wait for a process. Beyond, it will not catch up any more. */
const MAX_SIGNALS = 20_000;
/** The version of what actor systems say to each other. */
export const PROTOCOL_VERSION = 1;

/** One other process, and the way to the actor system that it has. */
export class Peer implements RouteListener {
  private readonly traffic: PeerTraffic;
  private route: Route | undefined;
  /** The system there, as far as it is known. */
  private association: Association | undefined;
  /** The latest system there that we have heard of. */
  private latest: string;
  /** It has been given up; another system of the same process may come. */
  private isOver = false;
  /** It has given our actor system up: only another one of ours is heard there. */
  private isRefused = false;
  /** Messages wait while this lasts; afterwards they fail at once, until there is a connection again. */
  private readonly patience = new Patience(() => this.endPatience());
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
    this.latest = process;
  }

  get isUp(): boolean {
    return this.traffic.isOpen;
  }

  /** Nothing waits, and every signal has arrived. */
  get isQuiet(): boolean {
    return this.traffic.isEmpty && (this.association?.signals.size ?? 0) === 0;
  }

  /** Opens the way, if it is not: to one that was given up, so that it is told so. */
  connect(): void {
    if (this.route !== undefined) return;
    this.route = this.host.network.open(this.process, this);
    this.bePatient();
  }

  private get isClosed(): boolean {
    return this.isOver || this.isRefused;
  }

  // What our actors send there.

  tell(target: AnyPid, message: unknown, sender: Pid | undefined): void {
    const type = this.host.messages.typeOf(bare(message));
    if (this.isNewer(target)) this.meet(target.address);
    if (type !== undefined && this.traffic.tell(target, message, sender, type)) return;
    const refusal = this.refusalOf(type);
    if (type !== undefined && refusal === undefined) {
      this.traffic.push({ target, message, sender, type });
      return this.connect();
    }
    const detail = type === undefined ? 'its type has no codec here' : undefined;
    this.traffic.refuse(target, message, sender, refusal ?? 'not-encodable', detail);
  }

  /** Why a message cannot wait for its turn. */
  private refusalOf(type: WireType | undefined): DeadLetterReason | undefined {
    if (type === undefined) return 'not-encodable';
    if (this.isClosed || !this.patience.lasts) return 'unreachable';
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
    if (this.isRefused || this.associationWith(target) === undefined) {
      return this.host.core.tellEnded(watcher, target, 'address-terminated');
    }
    this.signal(target, (association) => association.watch(watcher, target));
  }

  /** What is meant for a system that is not there any more is told to nobody. */
  private signal(target: AnyPid, make: (association: Association) => SignalBody): void {
    if (this.isRefused) return;
    const association = this.associationWith(target);
    if (association === undefined) return;
    this.traffic.push(association.signals.add(make(association)));
    if (association.signals.size > MAX_SIGNALS) this.giveUp('it has fallen too far behind');
    this.connect();
  }

  private notify(notice: actors.Notice): void {
    if (this.isClosed || !this.patience.lasts) return; // The ask ends at its deadline.
    this.traffic.push({ notice });
    this.connect();
  }

  /** The latest actor system of that process that we have heard of. */
  get address(): string {
    return this.latest;
  }

  /** Undefined when the target's system has been replaced. */
  private associationWith(target: AnyPid): Association | undefined {
    const { association } = this;
    return association !== undefined && target.incarnation === ANY_INCARNATION
      ? association
      : this.meet(target.address);
  }

  /** Its system has come after the one that we know. */
  private isNewer({ address, incarnation }: AnyPid): boolean {
    if (address === this.latest || incarnation === ANY_INCARNATION) return false;
    return generationOf(address) > generationOf(this.latest);
  }

  // Who is there.

  /**
   * The process has an actor system of that address. Undefined when it is known to have a later one, or when that one has been
   * given up.
   */
  meet(address: string, askOrigin?: number): Association | undefined {
    if (this.host.isQuarantined(address)) return undefined;
    if (address !== this.latest) {
      if (generationOf(address) < generationOf(this.latest)) return undefined;
      this.forgetSystem();
      this.latest = address;
    }
    if (this.isOver) {
      this.isOver = false;
      if (this.route !== undefined) this.bePatient();
    }
    const association = (this.association ??= new Association(this.host.core, address));
    if (askOrigin !== undefined) association.askOrigin = askOrigin;
    return association;
  }

  /** Our own actor system ends: nothing of it is left here. */
  part(): void {
    this.traffic.failWaiting();
    this.forgetSystem();
    this.isRefused = false;
  }

  /** Our own actor system is another. */
  meetAnew(): void {
    if (this.traffic.isConnected) this.greet();
  }

  /** The system there is not there for us any more, whatever comes from it later. It is told so as soon as it is reached. */
  giveUp(reason: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.host.putInQuarantine(this.latest);
    if (this.traffic.isOpen) this.sayFarewell();
    this.end();
    this.host.core.reportPeer(this.process, reason);
    this.host.peerChanged(this.process, 'gone');
  }

  /** The system there has given ours up. */
  refused(): void {
    if (this.isRefused) return;
    const wasOpen = this.traffic.isOpen;
    this.isRefused = true;
    this.end();
    if (wasOpen) this.host.peerChanged(this.process, 'down');
    this.host.givenUpBy(this.process);
  }

  close(): void {
    this.isRefused = true;
    this.traffic.disconnect();
    this.traffic.failWaiting();
    this.patience.restore();
    this.closeRoute();
  }

  private closeRoute(): void {
    this.traffic.disconnect();
    this.route?.close();
    this.route = undefined;
  }

  private end(): void {
    this.traffic.failWaiting();
    this.forgetSystem();
    this.patience.restore();
  }

  private sayFarewell(): void {
    const answer = { version: PROTOCOL_VERSION, greeting: this.greetings, receivedSignal: 0, isQuarantined: true };
    this.traffic.say({ welcome: { ...this.host.self, ...answer } });
  }

  /** Asks whose question still waits to be sent reach whoever comes next. */
  private forgetSystem(): void {
    const former = this.association;
    this.association = undefined;
    this.traffic.forget();
    if (former === undefined) return;
    former.end();
    const waiting = this.traffic.askersWaiting();
    this.host.core.failAsks(({ address, incarnation }, asker) => {
      const isMeant = incarnation === ANY_INCARNATION && processOfAddress(address) === this.process;
      return address === former.address || (isMeant && !waiting.has(asker));
    });
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

  down(): void {
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
    else if (acknowledge !== undefined) this.association?.signals.acknowledge(acknowledge.signal);
  }

  private onWelcome(welcome: actors.Welcome): void {
    // It may have been meant for our former system.
    if (welcome.isQuarantined) return welcome.greeting === this.greetings ? this.refused() : undefined;
    const association = this.meet(welcome.address, welcome.askOrigin);
    if (this.host.isQuarantined(welcome.address)) return this.sayFarewell();
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

  private greet(): void {
    this.traffic.greet({ ...this.host.self, version: PROTOCOL_VERSION, greeting: ++this.greetings });
  }

  private bePatient(): void {
    this.patience.begin(this.host.core.scheduler, this.host.patienceMs);
  }

  /** Whoever waits for that process should not wait for ever. */
  private endPatience(): void {
    this.traffic.failWaiting();
    this.host.core.failAsks(({ address }) => processOfAddress(address) === this.process);
  }
}
