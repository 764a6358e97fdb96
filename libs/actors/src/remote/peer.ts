import type { actors } from '@rookery/contracts/messages';
import type { Cancellable } from '@rookery/runtime';
import type { DeadLetterReason } from '../local/dead-letter.js';
import { ANY_INCARNATION, type AnyPid, type Pid } from '../local/pid.js';
import { bare } from '../local/queue-items.js';
import type { SystemMessage } from '../local/system-messages.js';
import { generationOf } from './addresses.js';
import { Association } from './association.js';
import { readFrame } from './frame-reader.js';
import { noticeOf } from './notices.js';
import type { PeerHost } from './peer-host.port.js';
import type { Route, RouteListener } from './peer-network.port.js';
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
  /** It has been given up; another system of the same process may come. */
  private isOver = false;
  /** Messages wait while this holds; afterwards they fail at once, until there is a connection again. */
  private isPatient = true;
  private patience: Cancellable | undefined;
  /** Greetings on this connection. */
  private greetings = 0;

  constructor(
    private readonly host: PeerHost,
    /** As the first actor system of that process is called. */
    readonly process: string,
  ) {
    this.traffic = new PeerTraffic(host);
  }

  get isUp(): boolean {
    return this.traffic.isOpen;
  }

  /** Nothing waits, and every signal has arrived. */
  get isQuiet(): boolean {
    return this.traffic.isEmpty && (this.association?.signals.size ?? 0) === 0;
  }

  /** Opens the way, if it is not. */
  connect(): void {
    if (this.route !== undefined || this.isOver) return;
    this.route = this.host.network.open(this.process, this);
    this.bePatient();
  }

  // What our actors send there.

  tell(target: AnyPid, message: unknown, sender: Pid | undefined): void {
    const type = this.host.messages.typeOf(bare(message));
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
    if (this.isOver || !this.isPatient) return 'unreachable';
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
    if (this.isOver || this.associationWith(target) === undefined) {
      return this.host.core.tellEnded(watcher, target, 'address-terminated');
    }
    this.signal(target, (association) => association.watch(watcher, target));
  }

  /** What is meant for a system that is not there any more is told to nobody. */
  private signal(target: AnyPid, make: (association: Association) => SignalBody): void {
    if (this.isOver) return;
    const association = this.associationWith(target);
    if (association === undefined) return;
    this.traffic.push(association.signals.add(make(association)));
    if (association.signals.size > MAX_SIGNALS) this.giveUp('it has fallen too far behind');
    this.connect();
  }

  private notify(notice: actors.Notice): void {
    if (this.isOver || !this.isPatient) return; // The ask ends at its deadline.
    this.traffic.push({ notice });
    this.connect();
  }

  get current(): Association | undefined {
    return this.association;
  }

  /** Undefined when the target's system has been replaced. */
  private associationWith(target: AnyPid): Association | undefined {
    const { association } = this;
    return association !== undefined && target.incarnation === ANY_INCARNATION
      ? association
      : this.meet(target.address);
  }

  // Who is there.

  /**
   * The process has an actor system of that address. Undefined when it is known to have a later one, or when that one has been
   * given up.
   */
  meet(address: string, askOrigin?: number): Association | undefined {
    if (this.host.isQuarantined(address)) return undefined;
    const known = this.association;
    if (known !== undefined && known.address !== address) {
      if (generationOf(address) < generationOf(known.address)) return undefined;
      this.forgetSystem();
    }
    // A new system of a process that was given up is waited for as anybody.
    if (this.isOver) this.isPatient = true;
    this.isOver = false;
    const association = (this.association ??= new Association(this.host.core, address));
    if (askOrigin !== undefined) association.askOrigin = askOrigin;
    return association;
  }

  /** Our own actor system is another from now on. */
  meetAnew(): void {
    this.forgetSystem();
    if (this.traffic.isConnected) this.greet();
  }

  /** The system there is not there for us any more, whatever comes from it later. */
  giveUp(reason: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.host.putInQuarantine(this.association?.address ?? this.process);
    if (this.traffic.isOpen) this.traffic.say(this.farewell());
    this.leave();
    this.forgetSystem();
    this.host.core.reportPeer(this.process, reason);
    this.host.peerChanged(this.process, 'gone');
  }

  close(): void {
    this.isOver = true;
    this.leave();
  }

  private farewell(): Partial<actors.Entry> {
    const answer = { version: PROTOCOL_VERSION, greeting: 0, receivedSignal: 0, isQuarantined: true };
    return { welcome: { ...this.host.self, ...answer } };
  }

  private leave(): void {
    this.patience?.cancel();
    this.traffic.disconnect();
    this.traffic.failWaiting();
    this.route?.close();
    this.route = undefined;
  }

  private forgetSystem(): void {
    const former = this.association;
    this.association = undefined;
    this.traffic.shut();
    this.traffic.dropSignals();
    former?.end();
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
    this.bePatient();
    if (wasOpen) this.host.peerChanged(this.process, 'down');
  }

  gone(reason: string): void {
    this.giveUp(reason);
  }

  onTell(): void {
    // Messages of users come on the other process's own way.
  }

  onEntry({ acknowledge, welcome }: actors.Entry): void {
    if (welcome !== undefined) this.onWelcome(welcome);
    else if (acknowledge !== undefined) this.association?.signals.acknowledge(acknowledge.signal);
  }

  private onWelcome(welcome: actors.Welcome): void {
    if (welcome.isQuarantined) {
      this.traffic.shut();
      return this.host.givenUpBy(this.process);
    }
    const association = this.meet(welcome.address, welcome.askOrigin);
    if (association === undefined || !this.traffic.isConnected) return;
    // A new system has taken over in the middle of the connection, and knows nobody yet.
    if (welcome.greeting === 0) return this.greet();
    if (welcome.greeting !== this.greetings) return;
    const wasOpen = this.traffic.isOpen;
    association.signals.acknowledge(welcome.receivedSignal);
    this.patience?.cancel();
    this.isPatient = true;
    this.traffic.open(association);
    if (!wasOpen) this.host.peerChanged(this.process, 'up');
  }

  private greet(): void {
    this.traffic.shut();
    this.traffic.say({ hello: { ...this.host.self, version: PROTOCOL_VERSION, greeting: ++this.greetings } });
  }

  private bePatient(): void {
    this.patience?.cancel();
    this.isPatient = true;
    this.patience = this.host.core.scheduler.timer(this.host.patienceMs, () => this.endPatience());
  }

  /** Whoever waits for that process should not wait for ever. */
  private endPatience(): void {
    this.isPatient = false;
    this.traffic.failWaiting();
    if (this.association !== undefined) this.host.core.failAsksTo(this.association.address);
    this.host.core.failAsksTo(this.process);
  }
}
