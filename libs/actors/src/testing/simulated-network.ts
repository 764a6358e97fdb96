import type { Random } from '@rookery/runtime';
import type { VirtualTime } from '@rookery/runtime/testing';
import {
  type Intake,
  type PeerConnection,
  type PeerGate,
  PeerNetwork,
  type Route,
  type RouteListener,
} from '../remote/peer-network.port.js';

export interface NetworkOptions {
  /** Between these, for each frame, word or attempt; what was sent first arrives first. Default 1 to 5. */
  readonly minDelayMs?: number;
  readonly maxDelayMs?: number;
  /** Bytes that may be on their way on one connection. Default 256 KiB. */
  readonly roomBytes?: number;
  /** Pause before a broken connection is made again, at most. Default 50. */
  readonly reconnectMs?: number;
}

/**
 * The network of a simulation: processes by name, connections that break, ways that are blocked. Everything that it does
 * happens in virtual time and by the given randomness.
 */
export class SimulatedNetwork {
  readonly options: Required<NetworkOptions>;
  private readonly processes = new Map<string, SimulatedProcess>();
  private readonly blocked = new Set<string>();

  constructor(
    readonly time: VirtualTime,
    readonly random: Random,
    options: NetworkOptions = {},
  ) {
    this.options = { minDelayMs: 1, maxDelayMs: 5, roomBytes: 256 * 1024, reconnectMs: 50, ...options };
  }

  /** The network as the process of that address sees it. A crashed one may start again under another address. */
  join(address: string): SimulatedProcess {
    const process = new SimulatedProcess(this, address);
    this.processes.set(address, process);
    return process;
  }

  /** The process ends without a word. Others see their connections break. */
  crash(address: string): void {
    this.processes.get(address)?.die();
    this.processes.delete(address);
  }

  /** Breaks the connection from one process to another; it is made again. What is on its way may get lost. */
  cut(from: string, to: string): void {
    this.processes.get(from)?.routeTo(to)?.break('cut');
  }

  /** Breaks it and lets no new one be made, until `unblock`. */
  block(from: string, to: string): void {
    this.blocked.add(wayOf(from, to));
    this.cut(from, to);
  }

  unblock(from: string, to: string): void {
    this.blocked.delete(wayOf(from, to));
  }

  /** Who opens ways to that process hears that it will not come back. */
  announceGone(address: string): void {
    for (const process of this.processes.values()) process.routeTo(address)?.end('announced');
  }

  /** Who is met on the way; undefined when nobody is, or it is blocked. */
  reach(from: string, to: string): SimulatedProcess | undefined {
    return this.blocked.has(wayOf(from, to)) ? undefined : this.processes.get(to);
  }

  delay(): number {
    const { maxDelayMs, minDelayMs } = this.options;
    return minDelayMs + this.random.next() * (maxDelayMs - minDelayMs);
  }
}

function wayOf(from: string, to: string): string {
  return `${from}>${to}`;
}

/** One process of a simulated network. */
export class SimulatedProcess extends PeerNetwork {
  readonly largestFrameBytes = 16 * 1024;
  isAlive = true;
  private gate: PeerGate | undefined;
  private readonly routes = new Map<string, SimulatedRoute>();

  constructor(
    readonly network: SimulatedNetwork,
    readonly address: string,
  ) {
    super();
  }

  open(address: string, listener: RouteListener): Route {
    const route = new SimulatedRoute(this, address, listener);
    this.routes.set(address, route);
    route.connectLater();
    return route;
  }

  listen(gate: PeerGate): void {
    this.gate = gate;
  }

  routeTo(address: string): SimulatedRoute | undefined {
    return this.routes.get(address);
  }

  die(): void {
    this.isAlive = false;
    for (const route of this.routes.values()) route.break('the process crashed');
    for (const ended of [...this.incoming]) ended();
  }

  /** Ends of connections that others have opened. */
  readonly incoming = new Set<() => void>();

  accept(connection: PeerConnection): Intake | undefined {
    return this.isAlive ? this.gate?.opened(connection) : undefined;
  }
}

/** One connection: what is sent on it arrives in order, until each end has seen it break. */
interface Connection {
  readonly intake: Intake;
  readonly leave: () => void;
  isBroken: boolean;
  /** What was sent before the break may arrive as long as this holds. */
  isHeard: boolean;
  sent: number;
  taken: number;
  readonly sizes: number[];
  arrivesAt: number;
  answersAt: number;
}

class SimulatedRoute implements Route {
  private connection: Connection | undefined;
  private inFlight = 0;
  private isShort = false;
  private isClosed = false;

  constructor(
    private readonly from: SimulatedProcess,
    private readonly to: string,
    private readonly listener: RouteListener,
  ) {}

  get room(): number {
    if (this.connection === undefined || this.connection.isBroken) return 0;
    return Math.max(0, this.network.options.roomBytes - this.inFlight);
  }

  send(frame: Uint8Array): boolean {
    const { connection } = this;
    if (connection === undefined || connection.isBroken || this.isClosed) return false;
    if (this.room < frame.length) {
      this.isShort = true;
      return false;
    }
    const bytes = Uint8Array.from(frame);
    connection.sent++;
    connection.sizes.push(bytes.length);
    this.inFlight += bytes.length;
    connection.arrivesAt = this.after(connection.arrivesAt, () => {
      if (connection.isHeard && this.network.reach(this.from.address, this.to) !== undefined) {
        connection.intake.receive(bytes);
      }
    });
    return true;
  }

  close(): void {
    this.isClosed = true;
    this.break('closed');
  }

  connectLater(): void {
    const pause = this.network.random.next() * this.network.options.reconnectMs;
    this.network.time.timer(pause, () => this.connect());
  }

  /** Each end sees it in its own time; until then the other one may still be heard. */
  break(reason: string): void {
    const { connection } = this;
    if (connection === undefined || connection.isBroken) return;
    connection.isBroken = true;
    this.network.time.timer(this.network.delay(), () => {
      connection.isHeard = false;
      connection.leave();
      connection.intake.closed(reason);
    });
    this.network.time.timer(this.network.delay(), () => {
      if (this.connection !== connection) return;
      this.connection = undefined;
      this.inFlight = 0;
      if (this.isClosed || !this.from.isAlive) return;
      this.listener.down(reason);
      this.connectLater();
    });
  }

  end(reason: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.break(reason);
    this.network.time.timer(this.network.delay(), () => {
      if (this.from.isAlive) this.listener.gone(reason);
    });
  }

  private get network(): SimulatedNetwork {
    return this.from.network;
  }

  private connect(): void {
    if (this.isClosed || !this.from.isAlive || this.connection !== undefined) return;
    const target = this.network.reach(this.from.address, this.to);
    const connection = target === undefined ? undefined : this.opened(target);
    if (connection === undefined) return this.connectLater();
    this.connection = connection;
    this.listener.up();
  }

  private opened(target: SimulatedProcess): Connection | undefined {
    const made: { connection?: Connection } = {};
    const intake = target.accept({
      from: this.from.address,
      answer: (frame) => this.answer(made.connection, frame),
      taken: () => this.take(made.connection),
    });
    if (intake === undefined) return undefined;
    const onDeath = (): void => this.break('the other process crashed');
    target.incoming.add(onDeath);
    made.connection = {
      ...{ intake, leave: () => target.incoming.delete(onDeath), isBroken: false, isHeard: true },
      ...{ sent: 0, taken: 0, sizes: [], arrivesAt: 0, answersAt: 0 },
    };
    return made.connection;
  }

  private answer(connection: Connection | undefined, frame: Uint8Array): boolean {
    if (connection === undefined) return false;
    const bytes = Uint8Array.from(frame);
    connection.answersAt = this.after(connection.answersAt, () => {
      if (this.hears(connection)) this.listener.answered(bytes);
    });
    return true;
  }

  private take(connection: Connection | undefined): void {
    if (connection === undefined) return;
    connection.answersAt = this.after(connection.answersAt, () => {
      if (!this.hears(connection)) return;
      this.inFlight -= connection.sizes.shift() ?? 0;
      this.listener.taken(++connection.taken);
      if (!this.isShort) return;
      this.isShort = false;
      this.listener.writable();
    });
  }

  private hears(connection: Connection): boolean {
    return this.connection === connection && this.from.isAlive;
  }

  /** Runs `work` after a delay, and never before what was to run at `earliest`. */
  private after(earliest: number, work: () => void): number {
    const now = this.network.time.clock.monotonic();
    const at = Math.max(earliest, now + this.network.delay());
    this.network.time.timer(at - now, work);
    return at;
  }
}
