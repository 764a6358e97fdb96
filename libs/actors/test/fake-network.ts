import { actors } from '@rookery/contracts/messages';
import type { Cancellable } from '@rookery/runtime';
import type { VirtualTime } from '@rookery/runtime/testing';
import type { PeerChange, Peers } from '../src/cluster/peers.port.js';
import { type AnyPid, Pid } from '../src/index.js';
import { type ActorSystem, coreOf } from '../src/local/actor-system.js';
import type { Process } from '../src/local/process.js';
import { bare, WithHeaders } from '../src/local/queue-items.js';
import type { SystemCore } from '../src/local/system-core.js';
import type { SystemMessage } from '../src/local/system-messages.js';

interface Codec {
  encode(message: unknown): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
}

const LATENCY_MS = 2;

/** How long a message takes from one process to another. */
export type Latency = () => number;

/** What several actor systems of one test reach each other by. Messages travel as bytes, in order, for a while. */
export class FakeNetwork {
  private readonly cores = new Map<string, SystemCore>();
  private readonly listeners = new Map<string, ((change: PeerChange) => void)[]>();
  private readonly cuts = new Set<string>();
  readonly quarantined: string[] = [];
  /** Everything that was sent, by type. */
  readonly sent = new Map<string, number>();

  private readonly arrivals = new Map<string, number>();

  constructor(
    private readonly time: VirtualTime,
    private readonly latency: Latency = () => LATENCY_MS,
  ) {}

  /** Lets the system reach the others, and gives it their states. */
  attach(system: ActorSystem): Peers {
    const core = coreOf(system);
    const { address } = system;
    this.cores.set(address, core);
    this.listeners.set(address, []);
    core.book.elsewhere = { processOf: (pid) => new FarProcess(this, core, pid) };
    for (const other of this.cores.keys()) if (other !== address) this.tellState(address, other, 'up');
    return {
      watchPeers: (listener) => this.watch(address, listener),
      quarantine: (other) => void this.quarantined.push(other),
    };
  }

  /** Neither hears of the other until `heal`. */
  cut(one: string, other: string): void {
    this.cuts.add(`${one}>${other}`).add(`${other}>${one}`);
    this.tellState(one, other, 'down');
  }

  heal(one: string, other: string): void {
    for (const way of [`${one}>${other}`, `${other}>${one}`]) this.cuts.delete(way);
    if (this.cores.has(one) && this.cores.has(other)) this.tellState(one, other, 'up');
  }

  /** The process is no more, and nobody is told but by broken connections. */
  crash(address: string): void {
    this.cores.delete(address);
    this.listeners.delete(address);
    for (const [other, core] of this.cores) {
      this.tellState(address, other, 'down');
      core.failAsksTo(address);
    }
  }

  send(from: SystemCore, target: AnyPid, message: unknown, sender: Pid | undefined): void {
    const origin = from.book.address;
    const core = this.cores.get(target.address);
    const isLost = core === undefined || !this.cores.has(origin) || this.cuts.has(`${origin}>${target.address}`);
    if (isLost) return from.deadLetter(target, message, sender, 'unreachable');
    const headers = message instanceof WithHeaders ? message.headers : undefined;
    const copy = this.overTheWire(bare(message));
    this.time.timer(this.delay(origin, target.address), () => {
      if (this.cores.get(target.address) === core) core.deliver(copyOf(target), copy, copyOf(sender), headers);
    });
  }

  notify(from: SystemCore, target: AnyPid, message: SystemMessage): void {
    const core = this.cores.get(target.address);
    this.time.timer(this.delay(from.book.address, target.address), () => {
      if (this.cores.get(target.address) === core) core?.postSystem(copyOf(target), message);
    });
  }

  /** Nothing overtakes what was sent before. */
  private delay(origin: string, target: string): number {
    const way = `${origin}>${target}`;
    const now = this.time.clock.monotonic();
    const at = Math.max(now + this.latency(), this.arrivals.get(way) ?? 0);
    this.arrivals.set(way, at);
    return at - now;
  }

  private overTheWire(message: unknown): unknown {
    const { type } = message as { readonly type: string };
    this.sent.set(type, (this.sent.get(type) ?? 0) + 1);
    const codec = (actors as unknown as Readonly<Record<string, Codec | undefined>>)[type.slice(1)];
    if (codec === undefined) throw new Error(`${type} has no codec`);
    return { ...codec.decode(codec.encode(message).finish()), type };
  }

  private watch(address: string, listener: (change: PeerChange) => void): Cancellable {
    const all = this.listeners.get(address) ?? [];
    all.push(listener);
    for (const other of this.cores.keys()) if (other !== address) listener({ address: other, state: 'up' });
    return { cancel: () => void all.splice(all.indexOf(listener), 1) };
  }

  private tellState(one: string, other: string, state: PeerChange['state']): void {
    for (const listener of this.listeners.get(one) ?? []) listener({ address: other, state });
    for (const listener of this.listeners.get(other) ?? []) listener({ address: one, state });
  }
}

/** The way to an actor of another process. */
class FarProcess implements Process {
  readonly wantsFailures = true;
  readonly backlog = 0;

  constructor(
    private readonly network: FakeNetwork,
    readonly owner: SystemCore,
    private readonly pid: AnyPid,
  ) {}

  post(_target: AnyPid, message: unknown, sender: Pid | undefined): void {
    this.network.send(this.owner, this.pid, message, sender);
  }

  postSystem(target: AnyPid, message: SystemMessage): void {
    this.network.notify(this.owner, target, message);
  }

  poison(): void {
    throw new Error('nobody poisons an actor of another process here');
  }
}

function copyOf<P extends AnyPid | undefined>(pid: P): P {
  return (pid === undefined ? undefined : new Pid(pid.address, pid.id, pid.incarnation)) as P;
}
