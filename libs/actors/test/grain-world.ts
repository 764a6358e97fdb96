import { testing } from '@rookery/contracts/messages';
import { type CounterServiceGrain, CounterServiceGrainClient } from '@rookery/contracts/nest';
import type { Cancellable, Scheduler } from '@rookery/runtime';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import { activationName } from '../src/cluster/activation-name.js';
import { Cluster } from '../src/cluster/cluster.js';
import type { GrainContext, GrainHooks } from '../src/cluster/grain.js';
import type { Member } from '../src/cluster/member.js';
import type { MemberListing } from '../src/cluster/member-feed.port.js';
import { ActorSystem, nextAddress, Remote, WireMessages } from '../src/index.js';
import { SimulatedNetwork, type SimulatedProcess } from '../src/testing/index.js';
import { type Credulity, CredulousFeed, CredulousPeers } from './credulous-member.js';
import { EventLog } from './event-log.js';
import { RegistryModel } from './registry-model.js';

const { definition } = CounterServiceGrainClient;
const LIMITS = { leaseMs: 1000, handOverMs: 3000, drainMs: 1000, parking: { perGrain: 10, inAll: 40, timeMs: 2000 } };
const GONE_MS = 1500;
const HEARTBEAT_MS = 400;

/** A counter whose additions are events in a store. Each amount is added once in the life of the world. */
class StoredCounter implements CounterServiceGrain<GrainContext>, GrainHooks {
  private version = 0;
  private total = 0;

  constructor(
    private readonly identity: string,
    private readonly process: GrainProcess,
  ) {}

  async activate(): Promise<void> {
    const events = await this.process.world.log.load(this.identity, this.process.scheduler);
    this.version = events.length;
    this.total = events.reduce((sum, { amount }) => sum + amount, 0);
  }

  async add({ amount }: testing.AddRequest, context: GrainContext): Promise<testing.AddResponse> {
    const { log } = this.process.world;
    const isStored = await log.append(this.identity, { version: this.version, amount }, this.process.scheduler);
    if (!isStored) context.stepDown();
    this.version++;
    this.total += amount;
    return { total: this.total, instance: this.process.id };
  }

  getTotal(): testing.GetTotalResponse {
    return { total: this.total, instance: this.process.id };
  }

  deactivate(): void {
    this.process.deactivations++;
  }
}

/** One process of the cluster, with the actor system that it has now. */
export class GrainProcess {
  readonly network: SimulatedProcess;
  readonly remote: Remote;
  readonly messages = new WireMessages().add({ Said: testing.AddRequest });
  system: ActorSystem;
  cluster: Cluster;
  isAlive = true;
  isLeaving = false;
  deactivations = 0;
  private listeners: ((listing: MemberListing) => void)[] = [];
  private own: Member;
  private isRenewing = false;

  constructor(
    readonly world: GrainWorld,
    readonly id: string,
    readonly incarnation: string,
  ) {
    const address = `${id}:${incarnation}`;
    this.network = world.network.join(address);
    this.system = this.newSystem(address);
    const { messages, network } = this;
    this.remote = new Remote(this.system, { network, messages, patienceMs: 500, onGivenUp: () => this.renewSoon() });
    this.cluster = this.newCluster();
    this.own = this.member();
    this.beat();
  }

  get address(): string {
    return this.system.address;
  }

  get scheduler(): Scheduler {
    return this.network.scheduler;
  }

  get isPaused(): boolean {
    return this.network.scheduler.isPaused;
  }

  add(identity: string, amount: number, timeoutMs: number): Promise<testing.AddResponse> {
    return this.cluster.grain(CounterServiceGrainClient, identity).add({ counterId: identity, amount }, { timeoutMs });
  }

  runs(identity: string): boolean {
    return this.system.find(`$grains/${activationName(definition.name, identity)}`) !== undefined;
  }

  owns(identity: string): boolean {
    return this.cluster.isOwner(definition, identity);
  }

  hear(listing: MemberListing): void {
    for (const listener of this.listeners) listener(listing);
  }

  async leave(): Promise<void> {
    this.isLeaving = true;
    await this.cluster.leave(4000);
    this.world.registry.remove(this.own);
    this.end();
  }

  /** It is not there any more, and does not say so. */
  end(): void {
    this.isAlive = false;
    this.world.registry.leave(this);
    this.world.network.crash(this.remoteName);
    this.world.time.timer(GONE_MS, () => this.world.network.announceGone(this.remoteName));
  }

  pause(forMs: number): void {
    this.world.network.pause(this.remoteName);
    this.world.time.timer(forMs, () => this.world.network.resume(this.remoteName));
  }

  private get remoteName(): string {
    return `${this.id}:${this.incarnation}`;
  }

  private beat(): void {
    if (!this.isAlive || this.isLeaving) return;
    this.world.registry.register(this.own);
    this.scheduler.timer(HEARTBEAT_MS, () => this.beat());
  }

  private renewSoon(): void {
    if (this.isRenewing) return;
    this.isRenewing = true;
    this.scheduler.timer(this.world.random.int(300), () => this.renew());
  }

  private renew(): void {
    this.isRenewing = false;
    this.world.tell(`${this.address} was given up, and comes back`);
    const former = this.system;
    this.world.registry.leave(this);
    this.listeners = [];
    this.system = this.newSystem(nextAddress(former.address));
    this.remote.renew(this.system);
    former.shutdown(100).catch(() => undefined);
    this.cluster = this.newCluster();
    this.own = this.member();
  }

  private newSystem(address: string): ActorSystem {
    const { random, time } = this.world;
    const parts = { clock: time.clock, random: new SeededRandom(random.int(2 ** 31)) };
    return new ActorSystem({ address, ...parts, scheduler: this.network.scheduler });
  }

  private newCluster(): Cluster {
    const { id, incarnation, messages, remote, system, world } = this;
    const { credulity } = world.options;
    const feed = { watch: (listener: (listing: MemberListing) => void) => this.watch(listener) };
    const ports = {
      feed: credulity === 'retires' ? new CredulousFeed(feed) : feed,
      peers: credulity === 'forgets' ? new CredulousPeers(remote, feed) : remote,
    };
    const parts = { ...ports, system, messages, self: { id, incarnation } };
    const cluster = new Cluster({ ...parts, ...LIMITS, onStandstill: () => this.renewSoon() });
    cluster.register(definition, (identity) => new StoredCounter(identity, this));
    cluster.start();
    world.registry.join(this);
    return cluster;
  }

  private member(): Member {
    return { id: this.id, incarnation: this.incarnation, address: this.address, kinds: this.cluster.kinds };
  }

  private watch(listener: (listing: MemberListing) => void): Cancellable {
    this.listeners.push(listener);
    return { cancel: () => void (this.listeners = this.listeners.filter((one) => one !== listener)) };
  }
}

/** Rules that are broken on purpose, so that a test sees that somebody notices. */
export interface GrainWorldOptions {
  /** False: its store takes a version as often as somebody writes it. */
  readonly hasFence?: boolean;
  /** Members believe a registry that has failed. */
  readonly credulity?: Credulity;
}

/** A cluster with its network, its registry and its store, in one virtual time. */
export class GrainWorld {
  readonly time = new VirtualTime();
  readonly network: SimulatedNetwork;
  readonly registry: RegistryModel;
  readonly log: EventLog;
  readonly story: string[] = [];
  readonly processes: GrainProcess[] = [];
  private starts = 0;

  constructor(
    readonly random: SeededRandom,
    readonly options: GrainWorldOptions = {},
  ) {
    const own = (): SeededRandom => new SeededRandom(random.int(2 ** 31));
    this.network = new SimulatedNetwork(this.time, own(), { maxDelayMs: this.oneOf([5, 5, 60]) });
    this.registry = new RegistryModel(this.time, own());
    this.log = new EventLog(this.time, own(), options.hasFence ?? true);
  }

  get alive(): readonly GrainProcess[] {
    return this.processes.filter(({ isAlive }) => isAlive);
  }

  /** An id may come back as another life. */
  start(): void {
    const taken = new Set(this.alive.map(({ id }) => id));
    const free = ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay'].filter((id) => !taken.has(id));
    const process = new GrainProcess(this, this.oneOf(free), String(++this.starts));
    this.tell(`${process.address} starts`);
    this.processes.push(process);
  }

  tell(line: string): void {
    this.story.push(`${this.time.clock.monotonic().toFixed(1).padStart(9)} ${line}`);
  }

  anyProcess(): GrainProcess {
    return this.oneOf(this.alive);
  }

  /** It is not paused, and stays. */
  anyRunning(): GrainProcess | undefined {
    const running = this.alive.filter(({ isLeaving, isPaused }) => !isPaused && !isLeaving);
    return running.length === 0 ? undefined : this.oneOf(running);
  }

  oneOf<T>(all: readonly T[]): T {
    const one = all[this.random.int(all.length)];
    if (one === undefined) throw new RangeError('there is none');
    return one;
  }
}
