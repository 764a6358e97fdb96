import { testing } from '@rookery/contracts/messages';
import { type CounterServiceGrain, CounterServiceGrainClient } from '@rookery/contracts/nest';
import type { Cancellable } from '@rookery/runtime';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import { Cluster, type ClusterOptions } from '../src/cluster/cluster.js';
import type { PassivationReason, RefusalReason } from '../src/cluster/cluster-observer.port.js';
import type { GrainContext, GrainHooks } from '../src/cluster/grain.js';
import type { Member } from '../src/cluster/member.js';
import type { MemberListing } from '../src/cluster/member-feed.port.js';
import { topicContract } from '../src/cluster/topic-contract.js';
import { ActorSystem, nextAddress, Remote, WireMessages } from '../src/index.js';
import type { WireType } from '../src/remote/wire-type.js';
import { type NetworkOptions, SimulatedNetwork } from '../src/testing/simulated-network.js';

export const KIND = CounterServiceGrainClient.definition.name;

/** What a counter does in its next call instead of counting. */
export type Deed = (context: GrainContext) => void | PromiseLike<void>;

/** A counter that says what happens to it, and that a test can let do things. */
export class Counter implements CounterServiceGrain<GrainContext>, GrainHooks {
  private total = 0;

  constructor(
    private readonly identity: string,
    private readonly process: StagedProcess,
  ) {}

  activate(context: GrainContext): void | PromiseLike<void> {
    this.process.stage.starts(this.identity, this.process.id);
    return this.process.deeds.activate?.(context);
  }

  add({ amount }: testing.AddRequest, context: GrainContext): testing.AddResponse | Promise<testing.AddResponse> {
    const deed = this.process.deeds.add;
    const count = (): testing.AddResponse => {
      this.total += amount;
      return { total: this.total, instance: this.process.id };
    };
    const waiting = deed?.(context);
    return waiting === undefined ? count() : Promise.resolve(waiting).then(count);
  }

  getTotal(): testing.GetTotalResponse {
    return { total: this.total, instance: this.process.id };
  }

  deactivate(context: GrainContext): void | PromiseLike<void> {
    this.process.stage.notes.push(`${this.identity} deactivated on ${this.process.id}`);
    return this.process.deeds.deactivate?.(context);
  }
}

/** One process of the stage. */
export class StagedProcess {
  readonly system: ActorSystem;
  readonly remote: Remote;
  readonly cluster: Cluster;
  /** How many members did not confirm, each time that a view was settled. */
  readonly handOvers: number[] = [];
  isGivenUp = false;
  readonly passivations: PassivationReason[] = [];
  readonly refusals: RefusalReason[] = [];
  readonly deeds: { add?: Deed; activate?: Deed; deactivate?: Deed } = {};
  private listeners: ((listing: MemberListing) => void)[] = [];

  constructor(
    readonly stage: ClusterStage,
    readonly id: string,
    readonly incarnation: string,
    seed: number,
    options: Partial<ClusterOptions>,
    /** The same process with an actor system that others have given up. */
    former?: StagedProcess,
  ) {
    const { time } = stage;
    const random = new SeededRandom(seed);
    const address = former === undefined ? `${id}:${incarnation}` : nextAddress(former.address);
    this.system = new ActorSystem({ address, clock: time.clock, random, scheduler: time, freezesMessages: true });
    this.remote = former?.remote ?? this.connect();
    if (former !== undefined) this.remote.renew(this.system);
    this.cluster = new Cluster({
      ...{ system: this.system, peers: this.remote, messages: stage.messages },
      feed: { watch: (listener) => this.watch(listener) },
      self: { id, incarnation },
      observer: {
        activated: () => undefined,
        passivated: (_kind, reason) => {
          this.passivations.push(reason);
        },
        refused: (_kind, reason) => {
          this.refusals.push(reason);
        },
        handedOver: (_durationMs, unconfirmed) => {
          this.handOvers.push(unconfirmed);
        },
      },
      ...options,
    });
  }

  get address(): string {
    return this.system.address;
  }

  get member(): Member {
    return { id: this.id, incarnation: this.incarnation, address: this.address, kinds: this.cluster.kinds };
  }

  counter(identity: string): CounterServiceGrainClient {
    return this.cluster.grain(CounterServiceGrainClient, identity);
  }

  add(identity: string, amount = 1, options?: { readonly timeoutMs: number }): Promise<testing.AddResponse> {
    return this.counter(identity).add({ counterId: identity, amount }, options);
  }

  /** What the registry tells this process. */
  hear(listing: MemberListing): void {
    for (const listener of this.listeners) listener(listing);
  }

  private connect(): Remote {
    const { messages, network, quarantined } = this.stage;
    const onGivenUp = (): void => void (this.isGivenUp = true);
    const remote = new Remote(this.system, { network: network.join(this.address), messages, onGivenUp });
    const { quarantine } = remote;
    remote.quarantine = (other, reason) => {
      quarantined.push(other);
      quarantine.call(remote, other, reason);
    };
    return remote;
  }

  private watch(listener: (listing: MemberListing) => void): Cancellable {
    this.listeners.push(listener);
    return { cancel: () => void (this.listeners = this.listeners.filter((one) => one !== listener)) };
  }
}

/** Counts messages when a way is looked for to write them. */
class CountedMessages extends WireMessages {
  constructor(private readonly sent: Map<string, number>) {
    super();
  }

  override typeOf(message: unknown): WireType | undefined {
    const type = super.typeOf(message);
    if (type !== undefined) this.sent.set(type.name, (this.sent.get(type.name) ?? 0) + 1);
    return type;
  }
}

/** Several processes of one cluster, in one virtual time, with a network and a registry that do what the test says. */
export class ClusterStage {
  readonly time = new VirtualTime();
  readonly network: SimulatedNetwork;
  readonly quarantined: string[] = [];
  /** How many messages of each type went to other processes. */
  readonly sent = new Map<string, number>();
  /** Of all processes. */
  readonly messages: WireMessages = new CountedMessages(this.sent).add({ Said: testing.AddRequest });
  /** What activations have said. */
  readonly notes: string[] = [];
  readonly processes: StagedProcess[] = [];

  constructor(
    private readonly options: Partial<ClusterOptions> = {},
    seed = 1,
    network: NetworkOptions = { minDelayMs: 1, maxDelayMs: 2 },
  ) {
    this.network = new SimulatedNetwork(this.time, new SeededRandom(seed), network);
  }

  /** Neither of the two hears of the other until `heal`. */
  cut(one: StagedProcess, other: StagedProcess): void {
    this.network.block(one.address, other.address);
    this.network.block(other.address, one.address);
  }

  heal(one: StagedProcess, other: StagedProcess): void {
    this.network.unblock(one.address, other.address);
    this.network.unblock(other.address, one.address);
  }

  /** A process that offers counters and has not heard of others yet. */
  start(id: string, incarnation = '1'): StagedProcess {
    return this.begin(this.create(id, incarnation));
  }

  /** The process has learnt that others have given it up, and begins anew. */
  async startAnew(former: StagedProcess): Promise<StagedProcess> {
    const end = former.system.shutdown();
    await this.time.advanceAsync(0);
    await end;
    this.processes.splice(this.processes.indexOf(former), 1);
    return this.begin(this.create(former.id, former.incarnation, former));
  }

  private begin(process: StagedProcess): StagedProcess {
    process.cluster.register(CounterServiceGrainClient.definition, (identity) => new Counter(identity, process));
    process.cluster.start();
    return process;
  }

  /** A process that only calls. */
  startCaller(id: string): StagedProcess {
    const process = this.create(id, '1');
    process.cluster.start();
    return process;
  }

  /** Starts all, and lets them hear of each other and agree. */
  async startAll<const Ids extends readonly string[]>(...ids: Ids): Promise<{ [K in keyof Ids]: StagedProcess }> {
    const all = ids.map((id) => this.start(id));
    this.allHear();
    await this.time.advanceAsync(100);
    return all as { [K in keyof Ids]: StagedProcess };
  }

  /** The registry tells all processes of the stage, or these, of all, or of those. */
  allHear(about: readonly StagedProcess[] = this.processes, listeners = this.processes): void {
    const members = about.map(({ member }) => member);
    for (const process of listeners) process.hear({ members, isFresh: true });
  }

  crash(process: StagedProcess): void {
    this.network.crash(process.address);
    const index = this.processes.indexOf(process);
    if (index >= 0) this.processes.splice(index, 1);
  }

  /** Who owns the counter as this process sees it. */
  ownerOf(identity: string, seenBy: StagedProcess | undefined = this.processes[0]): StagedProcess {
    const owner = seenBy?.cluster.topology.ownerOf(KIND, identity);
    const process = this.processes.find(({ address }) => address === owner?.address);
    if (process === undefined) throw new Error(`nobody on the stage owns ${identity}`);
    return process;
  }

  /** Who owns the topic as the first process sees it. */
  topicOwner(name: string): StagedProcess | undefined {
    const owner = this.processes[0]?.cluster.topology.ownerOf(topicContract.name, name);
    return this.processes.find(({ address }) => address === owner?.address);
  }

  /** The first identity of many that is placed as the test wants it. */
  identityWith(matches: (identity: string) => boolean): string {
    for (let number = 0; number < 10_000; number++) if (matches(`c${number}`)) return `c${number}`;
    throw new Error('no identity is placed so');
  }

  /** What activations of this grain have said. */
  storyOf(identity: string): string[] {
    const start = `${identity} `;
    return this.notes.filter((note) => note.startsWith(start)).map((note) => note.slice(start.length));
  }

  starts(identity: string, on: string): void {
    this.notes.push(`${identity} activated on ${on}`);
  }

  private create(id: string, incarnation: string, former?: StagedProcess): StagedProcess {
    const process = new StagedProcess(this, id, incarnation, this.processes.length + 1, this.options, former);
    this.processes.push(process);
    return process;
  }
}
