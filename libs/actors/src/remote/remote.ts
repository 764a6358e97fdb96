import type { Cancellable } from '@rookery/runtime';
import type { AnyRecipe } from '../local/actor.js';
import { type ActorSystem, coreOf } from '../local/actor-system.js';
import { Elsewhere } from '../local/elsewhere.port.js';
import { type AnyPid, bind, boundTo, type Pid } from '../local/pid.js';
import type { Process } from '../local/process.js';
import type { SystemCore } from '../local/system-core.js';
import { generationOf, processOfAddress } from './addresses.js';
import type { Association } from './association.js';
import type { AskNumbering } from './frame-writer.js';
import { Inbound } from './inbound.js';
import type { InboundHost, OpenInbound } from './inbound-host.port.js';
import { Peer } from './peer.js';
import type { PeerHost } from './peer-host.port.js';
import type { Intake, PeerConnection, PeerGate, PeerNetwork } from './peer-network.port.js';
import { Quarantine } from './quarantine.js';
import { RemoteActor } from './remote-actor.js';
import { RemoteSpawner, type SpawnOptions } from './remote-spawner.js';
import { TakenFrames } from './taken-frames.js';
import type { WireMessages } from './wire-messages.js';

export interface RemoteOptions {
  readonly network: PeerNetwork;
  /** What may leave this process, and come in. */
  readonly messages: WireMessages;
  /** What others may start here, by the name that they ask for. */
  readonly kinds?: Readonly<Record<string, AnyRecipe>>;
  /** How long messages wait for a connection, in milliseconds. Default 1000. */
  readonly patienceMs?: number;
  /** Messages that may wait for one process; more become dead letters. Default 100 000. */
  readonly queueLimit?: number;
  /** That process has given our actor system up: to be heard again, this process needs a new one, and `renew`. */
  readonly onGivenUp?: (process: string) => void;
}

/** What has become of the way to another process. `gone`: its actor system has been given up for good. */
export interface PeerChange {
  /** As the first actor system of that process is called. */
  readonly address: string;
  readonly state: 'up' | 'down' | 'gone';
}

/**
 * Makes the Pids of other processes work: tell, ask, watch, stop and poison. Messages arrive at most once and in order for each
 * pair of actors; one that did not, or of which that is unknown, is a dead letter here and fails its ask. What concerns the
 * life of actors (watch, the end of one, stop, poison) arrives exactly once, whatever connections do, or ends as one
 * `Terminated` with the reason `address-terminated`.
 */
export class Remote extends Elsewhere implements PeerGate, PeerHost, InboundHost {
  readonly network: PeerNetwork;
  readonly messages: WireMessages;
  readonly patienceMs: number;
  readonly queueLimit: number;
  core: SystemCore;
  self: AskNumbering;
  frames: TakenFrames;
  private readonly peers = new Map<string, Peer>();
  private readonly inbounds = new Set<OpenInbound>();
  /** The connection that counts for each process: its latest. */
  private readonly latest = new Map<string, OpenInbound>();
  private readonly givenUp = new Quarantine();
  private readonly listeners = new Set<(change: PeerChange) => void>();
  private spawner: RemoteSpawner;
  private openings = 0;

  constructor(
    system: ActorSystem,
    private readonly options: RemoteOptions,
  ) {
    super();
    const { messages, network, patienceMs = 1000, queueLimit = 100_000 } = options;
    for (const [name, value] of Object.entries({ patienceMs, queueLimit })) {
      if (!(value >= 0)) throw new RangeError(`${name} is at least 0, not ${value}`);
    }
    this.network = network;
    this.messages = messages;
    this.patienceMs = patienceMs;
    this.queueLimit = queueLimit;
    this.core = coreOf(system);
    this.self = numberingOf(this.core);
    this.frames = new TakenFrames(this.core.runQueue, this.core.scheduler);
    this.spawner = this.takeUp(this.core);
    network.listen(this);
  }

  get largestFrameBytes(): number {
    return this.network.largestFrameBytes;
  }

  // For users.

  /** The actor of that path in that process, or undefined. Rejects as an ask does. */
  find(address: string, id: string, timeoutMs?: number): Promise<Pid | undefined> {
    return this.spawner.find(address, id, timeoutMs);
  }

  /**
   * Starts an actor of a kind that the process of `address` offers. Rejects as an ask does, and with KIND_UNKNOWN, NAME_TAKEN
   * (a NameTakenError with the Pid that has the name), NAME_INVALID or SPAWN_REFUSED.
   */
  spawn(address: string, kind: string, options?: SpawnOptions): Promise<Pid> {
    return this.spawner.spawn(address, kind, options);
  }

  /** Keeps a way open to that process from now on, whether or not anything is sent there; one that was given up is told so. */
  connect(address: string): void {
    const peer = this.peerAt(address);
    peer.meet(address);
    peer.connect();
  }

  isUp(address: string): boolean {
    return this.peers.get(processOfAddress(address))?.isUp === true;
  }

  /** Calls `listener` for each change of the way to another process. */
  watchPeers(listener: (change: PeerChange) => void): Cancellable {
    this.listeners.add(listener);
    return { cancel: () => this.listeners.delete(listener) };
  }

  /**
   * The actor system of that address is given up: who watches its actors hears that they have ended, and nothing is taken from
   * it any more. If its process lives, it is told so as soon as it can be reached, and may come back with a new one. One that
   * has come back already stays.
   */
  quarantine(address: string, reason: string): void {
    const peer = this.peerAt(address);
    this.givenUp.add(address);
    if (generationOf(peer.address) <= generationOf(address)) peer.giveUp(reason);
  }

  /** This process has a new actor system, whose address is `nextAddress` of the former. Nothing of the former one is left. */
  renew(system: ActorSystem): void {
    for (const peer of this.peers.values()) peer.part();
    this.putDown();
    this.core = coreOf(system);
    this.self = numberingOf(this.core);
    this.frames = new TakenFrames(this.core.runQueue, this.core.scheduler);
    this.spawner = this.takeUp(this.core);
    for (const peer of this.peers.values()) peer.meetAnew();
    for (const inbound of this.inbounds) inbound.renew();
  }

  /** Nothing waits to be sent any more, everything that was sent has arrived, and who sent something here knows that it has. */
  get isQuiet(): boolean {
    if (!this.frames.isQuiet) return false;
    for (const peer of this.peers.values()) if (!peer.isQuiet) return false;
    return true;
  }

  /** Closes all ways. What waits becomes dead letters. */
  close(): void {
    this.putDown();
    for (const peer of this.peers.values()) peer.close();
    this.peers.clear();
    for (const inbound of this.inbounds) inbound.mute();
  }

  // For the rings below and the parts of this one.

  processOf(pid: AnyPid): Process {
    const process = processOfAddress(pid.address);
    if (process === processOfAddress(this.self.address)) return this.core.nobodyThere;
    const actor = new RemoteActor(this.core, this.peerAt(process).outgoing, pid);
    if (boundTo(pid) === undefined) bind(pid, actor);
    return actor;
  }

  opened(connection: PeerConnection): Intake {
    const inbound = new Inbound(this, connection, ++this.openings);
    this.inbounds.add(inbound);
    return inbound;
  }

  meet(inbound: OpenInbound, address: string, askOrigin: number): Association | undefined {
    const peer = this.peerAt(address);
    // What is late on an earlier connection has been counted as lost.
    if (inbound.number < peer.latestInbound) return undefined;
    peer.latestInbound = inbound.number;
    const association = peer.meet(address, askOrigin);
    if (association === undefined) return undefined;
    const former = this.latest.get(peer.process);
    if (former !== undefined && former !== inbound) former.mute();
    this.latest.set(peer.process, inbound);
    return association;
  }

  understands(process: string, version: number): boolean {
    return this.peerAt(process).understands(version);
  }

  heard(process: string): void {
    this.peers.get(process)?.heard();
  }

  inboundClosed(inbound: OpenInbound): void {
    this.inbounds.delete(inbound);
    if (inbound.process !== undefined && this.latest.get(inbound.process) === inbound) {
      this.latest.delete(inbound.process);
    }
  }

  peerChanged(process: string, state: PeerChange['state']): void {
    if (state === 'gone') this.latest.get(process)?.turnAway();
    for (const listener of [...this.listeners]) {
      try {
        listener({ address: process, state });
      } catch (error) {
        this.core.reportPeer(process, `a listener to peers threw: ${String(error)}`);
      }
    }
  }

  isQuarantined(address: string): boolean {
    return this.givenUp.has(address);
  }

  putInQuarantine(address: string): void {
    this.givenUp.add(address);
  }

  refusedBy(process: string): void {
    this.peers.get(process)?.refused();
  }

  givenUpBy(process: string): void {
    const { onGivenUp } = this.options;
    if (onGivenUp === undefined) this.core.reportPeer(process, 'it has given us up');
    else onGivenUp(process);
  }

  private peerAt(address: string): Peer {
    const process = processOfAddress(address);
    let peer = this.peers.get(process);
    if (peer === undefined) {
      peer = new Peer(this, process);
      this.peers.set(process, peer);
    }
    return peer;
  }

  private takeUp(core: SystemCore): RemoteSpawner {
    core.book.elsewhere = this;
    const spawner = new RemoteSpawner(core, this.options.kinds ?? {});
    spawner.start();
    return spawner;
  }

  private putDown(): void {
    this.core.book.elsewhere = undefined;
    this.frames.close();
  }
}

function numberingOf({ book }: SystemCore): AskNumbering {
  return { address: book.address, askOrigin: book.firstIncarnation };
}
