import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import {
  type ActorContext,
  ActorSystem,
  type AnyPid,
  DeadLetter,
  nextAddress,
  Pid,
  Props,
  type Received,
  Remote,
} from '../src/index.js';
import { processOfAddress } from '../src/remote/addresses.js';
import { SimulatedNetwork, type SimulatedProcess } from '../src/testing/index.js';
import { type Breach, breakFrames, hearsEndsTwice } from './breaches.js';
import { type Circumstances, RemoteLaws } from './remote-laws.js';
import { type Ping, testMessages } from './two-processes.js';

export const NAMES = ['t0', 't1', 't2'];

/** What its receiver does with a question: it answers, keeps silent, throws, or passes it on. */
export type Deed = 'answer' | 'silence' | 'throw' | 'forward';

/** An actor that notes what it hears. Its script is outside: it sends as the actor what the script says. */
export class Talker {
  context: ActorContext<Ping> | undefined;
  /** As this actor knows others: its copies are its own, as if they had come over the wire. */
  private readonly pids = new Map<string, Pid<Ping>>();

  constructor(private readonly process: WorldProcess) {}

  receive(message: Received<Ping>, context: ActorContext<Ping>): void {
    const { laws } = this.process.world;
    this.context = context;
    if (message.type === 'Stopped') {
      laws.hasEnded(context.self);
      this.process.talkers.delete(this);
    } else if (message.type === 'Terminated') laws.terminated(context.self, message);
    else if (message.type === 'Ping') {
      const [number, deed] = message.sku.split(' ');
      laws.handled(Number(number), context.self.toString(), context.self.address);
      if (context.sender !== undefined) this.does(deed as Deed, context);
    }
  }

  /** As this actor knows the other one. */
  pid(other: AnyPid): Pid<Ping> {
    const key = other.toString();
    const known = this.pids.get(key) ?? new Pid<Ping>(other.address, other.id, other.incarnation);
    this.pids.set(key, known);
    return known;
  }

  private does(deed: Deed, context: ActorContext<Ping>): void {
    if (deed === 'answer') context.reply({ type: 'Pong', sku: '', quantity: 1 });
    if (deed === 'throw') throw new Error('as the script wants it');
    if (deed !== 'forward') return;
    const { world } = this.process;
    const third = world.anyTalker();
    const number = world.laws.told(context.self.toString(), context.self.address);
    if (third !== undefined) context.forward(third, ping(number, 'answer'));
    else world.laws.lettered(number, 'not-found');
  }
}

export function ping(number: number, deed: Deed, size = 0): Ping {
  return { type: 'Ping', sku: `${number} ${deed}`, currency: 'x'.repeat(size) };
}

/** One process of the world, with the actor system that it has now. */
export class WorldProcess {
  readonly talkers = new Set<Talker>();
  readonly network: SimulatedProcess;
  readonly remote: Remote;
  system: ActorSystem;
  isAlive = true;
  private isRenewing = false;

  constructor(
    readonly world: RemoteWorld,
    readonly name: string,
    options: { readonly patienceMs: number; readonly queueLimit: number },
  ) {
    this.network = world.network.join(name);
    if (world.breach !== undefined)
      breakFrames(this.network, world.breach, new SeededRandom(world.random.int(2 ** 31)));
    this.system = this.newSystem(name);
    this.remote = new Remote(this.system, {
      ...{ network: this.network, messages: testMessages(), ...options },
      kinds: { talker: this.props() },
      onGivenUp: () => this.renewSoon(),
    });
    this.remote.watchPeers(({ address, state }) => {
      world.tell(`   ${this.name} sees ${address} ${state}`);
      if (state === 'gone') world.laws.gone(this.system.address, address);
    });
    for (const each of NAMES) this.spawn(each);
  }

  get address(): string {
    return this.system.address;
  }

  get isPaused(): boolean {
    return this.network.scheduler.isPaused;
  }

  spawn(name: string): void {
    if (this.system.find(name) === undefined) this.system.spawnNamed(this.props(), name);
  }

  /** In a while, as a process that has to build things first. */
  renewSoon(): void {
    if (this.isRenewing) return;
    this.isRenewing = true;
    this.network.scheduler.timer(this.world.random.int(50), () => this.renew());
  }

  crash(): void {
    this.isAlive = false;
    this.talkers.clear();
    this.world.network.crash(this.name);
  }

  private renew(): void {
    this.isRenewing = false;
    this.world.tell(`${this.name} makes a new actor system`);
    const former = this.system;
    this.talkers.clear();
    this.system = this.newSystem(nextAddress(former.address));
    this.remote.renew(this.system);
    void former.shutdown(1000);
    for (const each of NAMES) this.spawn(each);
  }

  private props(): Props<Ping> {
    const props = Props.fromProducer(() => {
      const talker = new Talker(this);
      this.talkers.add(talker);
      return talker;
    });
    return this.world.breach === 'repeats-ends' ? props.withReceiverMiddleware(hearsEndsTwice) : props;
  }

  private newSystem(address: string): ActorSystem {
    const { laws, random, time } = this.world;
    const parts = { clock: time.clock, random: new SeededRandom(random.int(2 ** 31)) };
    const system = new ActorSystem({ address, ...parts, scheduler: this.network.scheduler });
    system.events.subscribe(DeadLetter, ({ message, reason, target }) => {
      if ((message as Ping | undefined)?.type === 'Ping') {
        laws.lettered(Number((message as Ping).sku.split(' ')[0]), reason);
        const isAgain = this.world.breach === 'tells-again' && reason === 'connection-lost';
        if (isAgain) system.tell(target as Pid<Ping>, message as Ping);
      }
    });
    return system;
  }
}

/** Processes that speak to each other over a network, in one virtual time, and what is true of them. */
export class RemoteWorld implements Circumstances {
  readonly time = new VirtualTime();
  readonly network: SimulatedNetwork;
  readonly laws: RemoteLaws;
  readonly story: string[] = [];
  readonly processes: WorldProcess[] = [];
  private readonly options: { readonly patienceMs: number; readonly queueLimit: number };

  constructor(
    readonly random: SeededRandom,
    readonly breach: Breach | undefined,
  ) {
    this.network = new SimulatedNetwork(this.time, new SeededRandom(random.int(2 ** 31)), {
      maxDelayMs: this.oneOf([5, 5, 60]),
      roomBytes: this.oneOf([20_000, 256 * 1024]),
      // Connections that are made again at once are overtaken by what was sent on those before.
      reconnectMs: this.oneOf([6, 50, 50]),
    });
    this.options = { patienceMs: random.int(2) === 0 ? 200 : 1000, queueLimit: random.int(3) === 0 ? 10 : 100_000 };
    this.laws = new RemoteLaws(this);
  }

  get now(): number {
    return this.time.clock.monotonic();
  }

  get alive(): readonly WorldProcess[] {
    return this.processes.filter(({ isAlive }) => isAlive);
  }

  start(name: string): WorldProcess {
    const process = new WorldProcess(this, name, this.options);
    this.processes.push(process);
    return process;
  }

  /** A line of the story. */
  tell(line: string): void {
    this.story.push(`${this.now.toFixed(1).padStart(9)} ${line}`);
  }

  anyProcess(): WorldProcess {
    return this.oneOf(this.alive);
  }

  anyTalker(): Pid<Ping> | undefined {
    const talkers = [...this.anyProcess().talkers].filter(({ context }) => context !== undefined);
    return talkers.length === 0 ? undefined : this.oneOf(talkers).context?.self;
  }

  oneOf<T>(all: readonly T[]): T {
    const one = all[this.random.int(all.length)];
    if (one === undefined) throw new RangeError('there is none');
    return one;
  }

  // What the laws ask.

  isOver(system: string): boolean {
    const process = this.processOf(system);
    return process?.isAlive !== true || process.address !== system;
  }

  hasCrashed(system: string): boolean {
    return this.processOf(system)?.isAlive !== true;
  }

  hasGivenUp(system: string, other: string): boolean {
    return this.processOf(system)?.remote.isQuarantined(other) === true;
  }

  isPaused(system: string): boolean {
    return this.processOf(system)?.isPaused === true;
  }

  private processOf(system: string): WorldProcess | undefined {
    const name = processOfAddress(system);
    return this.processes.find((process) => process.name === name);
  }
}
