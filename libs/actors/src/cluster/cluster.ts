import { type Cancellable, DomainError } from '@rookery/runtime';
import { type ActorSystem, coreOf } from '../local/actor-system.js';
import { pidByName } from '../local/pid.js';
import type { Props } from '../local/props.js';
import type { SystemCore } from '../local/system-core.js';
import type { WireMessages } from '../remote/wire-messages.js';
import { clusterMessages } from './cluster-messages.js';
import { type ClusterObserver, SilentClusterObserver } from './cluster-observer.port.js';
import type { GrainFactory, GrainOptions } from './grain.js';
import { GrainCaller, type GrainCallOptions } from './grain-caller.js';
import { GrainClients } from './grain-clients.js';
import type { GrainClientClass, GrainContract, GrainMethod } from './grain-contract.js';
import { GrainKind } from './grain-kind.js';
import { grainsProps } from './grains.actor.js';
import type { GrainsParts } from './grains-parts.js';
import { HandOverRound } from './hand-over-round.js';
import type { MemberFeed, MemberListing } from './member-feed.port.js';
import { Membership, type MembershipChange } from './membership.js';
import type { ParkingLimits } from './parking-lot.js';
import type { Peers } from './peers.port.js';
import { Topic } from './topic.js';
import { TopicCodec } from './topic-codec.js';
import { topicContract } from './topic-contract.js';
import { TopicGrain } from './topic.grain.js';
import { topicsProps } from './topics.actor.js';
import { type Topology, TopologyChanged } from './topology.js';
import { grainsAt } from './view.js';
import { Vigil } from './vigil.js';

export interface ClusterOptions {
  readonly system: ActorSystem;
  /** The `Remote` of that actor system. */
  readonly peers: Peers;
  /** Of that `Remote`: what members say to each other is added to it. */
  readonly messages: WireMessages;
  readonly feed: MemberFeed;
  /** This process, as the feed of others lists it: with the address of `system`, and with `Cluster.kinds`. */
  readonly self: { readonly id: string; readonly incarnation: string };
  readonly observer?: ClusterObserver;
  /** How long the connection of a member that is not registered any more is down before it is given up. Default 3000. */
  readonly leaseMs?: number;
  /** How long a member is waited for that does not say what it still runs. Default 10 000. */
  readonly handOverMs?: number;
  /**
   * How long an activation that ends may take to handle what it has. Then it is stopped, and after as long again given up, so
   * that its grain can be active again: what its code still waits for can do nothing here any more. Default 5000.
   */
  readonly drainMs?: number;
  /** Calls that wait for a grain that is being handed over: for one, for all, and for how long. Default 1000, 10 000, 5000. */
  readonly parking?: Partial<ParkingLimits>;
  /**
   * This process stood still for longer than its lease while there were others, who may have given it up. Its grains answer no
   * call any more; to take part again it needs a new actor system, as when it hears that it was given up. Without this nobody
   * looks.
   */
  readonly onStandstill?: () => void;
}

const DEFAULTS = { leaseMs: 3000, handOverMs: 10_000, drainMs: 5000 };
const PARKING = { perGrain: 1000, inAll: 10_000, timeMs: 5000 };
const LEAVE_MS = 10_000;
/** The least there may be: the first call of a grain waits too, until it is active. */
const LEAST_ROOM: Readonly<Record<string, number>> = { perGrain: 1, inAll: 1 };

/**
 * One process of a cluster: knows the others, runs the grains that are its own, and calls those of all. Grains are registered
 * first; `start` makes the process a member. It ends with its actor system; `leave` before that hands its grains over.
 */
export class Cluster {
  private readonly core: SystemCore;
  private readonly registered = new Map<string, GrainKind>();
  private readonly caller: GrainCaller;
  private readonly clients: GrainClients;
  private readonly codec: TopicCodec;
  private readonly counts = new Map<string, number>();
  private membership: Membership | undefined;
  private subscriptions: Cancellable[] = [];
  private leaseTimer: Cancellable | undefined;
  private leaving: Promise<void> | undefined;
  private vigil: Vigil | undefined;
  private isClosed = false;

  constructor(private readonly options: ClusterOptions) {
    const { drainMs, handOverMs, leaseMs, parking } = options;
    for (const [name, value] of Object.entries({ drainMs, handOverMs, leaseMs, ...parking })) {
      const least = LEAST_ROOM[name] ?? 0;
      if (value !== undefined && !(value >= least)) throw new RangeError(`${name} is at least ${least}, not ${value}`);
    }
    this.core = coreOf(options.system);
    options.messages.add(clusterMessages);
    this.caller = new GrainCaller(this.core, () => this.topology);
    this.clients = new GrainClients((...given) => this.call(...given));
    this.codec = new TopicCodec(options.messages);
    this.register(topicContract, () => new TopicGrain(this.core.clock, () => this.topology));
  }

  /** The kinds that are registered here: what the registry has to tell others of this process. */
  get kinds(): ReadonlySet<string> {
    return new Set(this.registered.keys());
  }

  /** The cluster as this process sees it now; `TopologyChanged` on the event stream tells of each change. */
  get topology(): Topology {
    return this.started.topology;
  }

  /** Offers a kind of grain: `produce` makes each activation. Throws KIND_TAKEN, and CLUSTER_STARTED after `start`. */
  register(contract: GrainContract, produce: GrainFactory, options: GrainOptions = {}): this {
    const { name } = contract;
    if (this.membership !== undefined) throw new DomainError('CLUSTER_STARTED', `${name} is registered too late`);
    if (this.registered.has(name)) {
      throw new DomainError('KIND_TAKEN', `${name} is registered already`, { kind: 'already-exists' });
    }
    this.registered.set(name, new GrainKind(contract, produce, options));
    return this;
  }

  start(): void {
    if (this.membership !== undefined) throw new DomainError('CLUSTER_STARTED', 'the cluster has started already');
    const { feed, leaseMs = DEFAULTS.leaseMs, peers, self, system } = this.options;
    const member = { ...self, address: system.address, kinds: this.kinds };
    const membership = new Membership(member, leaseMs, this.core.clock);
    this.membership = membership;
    this.vigil = this.keepVigil(membership, leaseMs);
    this.core.spawnOwn(grainsProps(this.parts(membership)) as unknown as Props, 'grains');
    const topics = topicsProps({
      core: this.core,
      caller: this.caller,
      codec: this.codec,
      view: () => membership.topology,
    });
    this.core.spawnOwn(topics as unknown as Props, 'topics');
    this.subscriptions = [
      peers.watchPeers((change) => this.note(membership.peerChanged(change))),
      feed.watch((listing) => this.hear(listing, membership)),
    ];
  }

  /**
   * One grain, wherever it is active. The client's calls reject with the DomainError of the method, with INVALID_REQUEST, or
   * with what kept the call from being carried out in time: NO_OWNER, GRAIN_BUSY, HAND_OVER_PENDING, UNREACHABLE,
   * SYSTEM_STOPPED and the like (nothing has happened, or it may be repeated), DEADLINE_EXCEEDED or OUTCOME_UNKNOWN (it may
   * have).
   */
  grain<Client extends object>(clientClass: GrainClientClass<Client>, identity: string): Client {
    return this.clients.client(clientClass, identity);
  }

  /** What the clients of `grain` do, for who makes clients of its own. */
  call(
    contract: GrainContract,
    identity: string,
    method: GrainMethod,
    request: unknown,
    options?: GrainCallOptions,
  ): Promise<unknown> {
    return this.caller.call(contract, identity, method, request, options);
  }

  /** A topic of the cluster, which is there without being made. Its messages are among those of `Remote`. */
  topic<M>(name: string): Topic<M> {
    return new Topic(name, this.core, pidByName(this.core.book.address, '$topics'), this.codec);
  }

  /** Whether the grain shall be active in this process, as it sees the cluster now. */
  isOwner({ name }: Pick<GrainContract, 'name'>, identity: string): boolean {
    return this.topology.ownerOf(name, identity)?.address === this.core.book.address;
  }

  /** How many grains of each kind are active in this process. */
  get activationCounts(): ReadonlyMap<string, number> {
    return this.counts;
  }

  /**
   * Hands all grains of this process over and says goodbye; it goes on calling those of others, and hears of no topic any
   * more. Resolves when none is active here any more, at the latest after `limitMs`: what has not ended by then is given up as
   * after a crash. Who calls it again waits for the same end, by the limit of the first.
   */
  async leave(limitMs = LEAVE_MS): Promise<void> {
    const { started } = this;
    this.leaving ??= this.leaveOnce(started, limitMs);
    await this.leaving;
  }

  private async leaveOnce(started: Membership, limitMs: number): Promise<void> {
    this.note(started.selfLeaves());
    try {
      await this.core.ask(undefined, grainsAt(this.core.book.address), { type: 'Leave' }, { timeoutMs: limitMs });
    } catch (error) {
      // Whether something is still active or the actor system has gone: this process leaves all the same.
      if (!(error instanceof DomainError)) throw error;
    }
    const { id: memberId, incarnation } = this.options.self;
    for (const { address } of started.topology.members) {
      if (address === this.core.book.address) continue;
      this.options.system.tell(grainsAt(address), { type: '$Left', memberId, incarnation });
    }
    this.note(started.selfHasLeft());
  }

  private get started(): Membership {
    if (this.membership === undefined) throw new DomainError('CLUSTER_NOT_STARTED', 'the cluster has not started yet');
    return this.membership;
  }

  private keepVigil(membership: Membership, leaseMs: number): Vigil | undefined {
    const { onStandstill } = this.options;
    if (onStandstill === undefined) return undefined;
    const isSeen = (): boolean => membership.topology.members.some(({ address }) => address !== this.core.book.address);
    const vigil = new Vigil(this.core.clock, this.core.scheduler, leaseMs, isSeen, onStandstill);
    this.core.runQueue.beforeWork = () => void vigil.isAwake;
    return vigil;
  }

  private parts(membership: Membership): GrainsParts {
    const { drainMs = DEFAULTS.drainMs, handOverMs = DEFAULTS.handOverMs, observer, parking, self } = this.options;
    return {
      ...{ core: this.core, self, kinds: this.registered, counts: this.counts },
      view: () => membership.topology,
      isAwake: () => this.vigil?.isAwake !== false,
      news: {
        leaves: (id, incarnation) => this.note(membership.leaves(id, incarnation)),
        hasLeft: (id, incarnation) => this.note(membership.hasLeft(id, incarnation)),
      },
      round: new HandOverRound(handOverMs),
      limits: { ...PARKING, ...parking, drainMs },
      observer: observer ?? new SilentClusterObserver(),
      stopped: () => this.close(),
    };
  }

  private hear(listing: MemberListing, membership: Membership): void {
    this.note(membership.listed(listing));
    // No way may lead there any more, and none from there to here.
    const listed = listing.isFresh ? listing.members : [];
    for (const { address } of membership.givenUpAmong(listed)) this.options.peers.connect(address);
  }

  /** Tells what the membership has found, and looks again when it may find more. */
  private note(change: MembershipChange | undefined): void {
    this.awaitLease();
    if (change === undefined) return;
    const { givenUp, joined, left, topology } = change;
    this.core.events.publish(new TopologyChanged(topology, joined, left));
    for (const { address } of joined) this.meet(address);
    for (const { address, id } of givenUp) {
      this.options.peers.quarantine(address, `${id} is not registered any more, or as another incarnation`);
    }
  }

  private meet(address: string): void {
    const { peers } = this.options;
    peers.connect(address);
    if (peers.isUp(address)) this.note(this.started.peerChanged({ address, state: 'up' }));
  }

  private awaitLease(): void {
    const { dueAt } = this.started;
    this.leaseTimer?.cancel();
    this.leaseTimer = undefined;
    if (dueAt === undefined || this.isClosed) return;
    const delayMs = Math.max(0, dueAt - this.core.clock.monotonic());
    this.leaseTimer = this.core.scheduler.timer(delayMs, () => this.note(this.started.look()));
  }

  private close(): void {
    this.isClosed = true;
    for (const subscription of this.subscriptions.splice(0)) subscription.cancel();
    this.leaseTimer?.cancel();
    this.core.runQueue.beforeWork = undefined;
    this.vigil?.close();
    this.caller.close();
  }
}
