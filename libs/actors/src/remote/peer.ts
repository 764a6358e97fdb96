import type { actors } from '@rookery/contracts/messages';
import type { AnyPid } from '../local/pid.js';
import { processOfAddress } from './addresses.js';
import type { Association } from './association.js';
import { Counterpart } from './counterpart.js';
import { readFrame } from './frame-reader.js';
import { Outgoing, type OutgoingParts } from './outgoing.js';
import { Patience } from './patience.js';
import type { PeerHost } from './peer-host.port.js';
import type { Route, RouteListener } from './peer-network.port.js';
import { PeerTraffic } from './peer-traffic.js';
import { PROTOCOL_VERSION } from './protocol.js';

/** One other process, and the way to the actor system that it has. */
export class Peer implements RouteListener, OutgoingParts {
  readonly outgoing = new Outgoing(this);
  readonly traffic: PeerTraffic;
  readonly there: Counterpart;
  /** Messages wait while this lasts; afterwards they fail at once, until there is a connection again. */
  readonly patience = new Patience(() => this.endPatience());
  private route: Route | undefined;
  private lastTrouble = 'no connection was made';
  /** Greetings on this connection. */
  private greetings = 0;
  /** The latest connection from there on which we were greeted. */
  latestInbound = 0;

  constructor(
    readonly host: PeerHost,
    /** As the first actor system of that process is called. */
    readonly process: string,
  ) {
    this.traffic = new PeerTraffic(host, (...refused) => this.outgoing.refuse(...refused));
    this.there = new Counterpart(host, process, this.traffic, () => {
      if (this.route !== undefined) this.bePatient();
    });
  }

  get isUp(): boolean {
    return this.traffic.isOpen;
  }

  /** Nothing waits, and everything has arrived. */
  get isQuiet(): boolean {
    return this.traffic.isQuiet && (this.there.association?.signals.size ?? 0) === 0;
  }

  /** Somebody here waits for something from there: then it matters that it cannot be reached. */
  private get isAwaited(): boolean {
    if (!this.isQuiet || this.there.association?.hasWatches === true) return true;
    return [...this.host.core.book.asks.values()].some(({ target }) => this.isThere(target));
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

  // Who is there.

  /** The process says that it has that actor system. Undefined when nothing is taken from it. */
  meet(address: string, askOrigin?: number): Association | undefined {
    return this.there.meet(address, askOrigin);
  }

  /** Whether what is said in that version can be understood. Of a process that speaks another nothing is taken, and it is sent nothing. */
  understands(version: number): boolean {
    const { there } = this;
    const trouble =
      version === PROTOCOL_VERSION
        ? undefined
        : `it speaks version ${version}, and this process version ${PROTOCOL_VERSION}`;
    const isNews = trouble !== undefined && trouble !== there.trouble;
    there.trouble = trouble;
    if (isNews) {
      this.host.core.reportPeer(this.process, `nothing is exchanged with it: ${trouble}`);
      this.fall();
    }
    return trouble === undefined;
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
    this.host.core.reportPeer(this.process, reason);
    this.end();
  }

  private end(): void {
    this.there.isOver = true;
    this.host.putInQuarantine(this.address);
    if (this.traffic.isOpen) this.sayFarewell();
    this.lose();
    this.host.peerChanged(this.process, 'gone');
  }

  /** The system there has given ours up. */
  refused(): void {
    if (this.there.hasRefused) return;
    this.there.hasRefused = true;
    this.fall();
    this.host.givenUpBy(this.process);
  }

  /** Nothing goes there any more, although the connection stands. */
  private fall(): void {
    const wasOpen = this.traffic.isOpen;
    this.lose();
    if (wasOpen) this.host.peerChanged(this.process, 'down');
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
    this.traffic.failWaiting(this.there.trouble);
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
    if (this.isAwaited) this.giveUp(reason);
    // One that had said goodbye, and told everybody, is no trouble.
    else if (!this.there.isOver) this.end();
    this.closeRoute();
  }

  onTell(): void {
    // Messages of users come on the other process's own way.
  }

  onEntry({ acknowledge, welcome }: actors.Entry): void {
    if (welcome !== undefined && this.understands(welcome.version)) this.onWelcome(welcome);
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
    if (this.isAwaited) this.host.core.reportPeer(this.process, `it cannot be reached: ${this.lastTrouble}`);
    this.traffic.failWaiting();
    this.host.core.failAsks((target) => this.isThere(target));
  }

  private isThere({ address }: AnyPid): boolean {
    return processOfAddress(address) === this.process;
  }
}
