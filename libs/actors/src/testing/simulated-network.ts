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
import { ProcessTime } from './process-time.js';
import { SimulatedRoute } from './simulated-route.js';

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
  private readonly gone = new Set<string>();

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

  /** Nothing of that process runs until `resume`: what comes for it waits. */
  pause(address: string): void {
    this.processes.get(address)?.scheduler.pause();
  }

  resume(address: string): void {
    this.processes.get(address)?.scheduler.resume();
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
    if (!this.processes.has(address)) this.gone.add(address);
    for (const process of this.processes.values()) process.routeTo(address)?.end('announced');
  }

  /** Whether it has crashed and that was announced. */
  isGone(address: string): boolean {
    return this.gone.has(address);
  }

  isBlocked(from: string, to: string): boolean {
    return this.blocked.has(wayOf(from, to));
  }

  /** Who is met on the way; undefined when nobody answers there, or it is blocked. */
  reach(from: string, to: string): SimulatedProcess | undefined {
    const process = this.isBlocked(from, to) ? undefined : this.processes.get(to);
    return process?.scheduler.isPaused === true ? undefined : process;
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
  /** For its actor system too, when that is to be paused with it. */
  readonly scheduler: ProcessTime;
  isAlive = true;
  private gate: PeerGate | undefined;
  private readonly routes = new Map<string, SimulatedRoute>();

  constructor(
    readonly network: SimulatedNetwork,
    readonly address: string,
  ) {
    super();
    this.scheduler = new ProcessTime(network.time);
  }

  open(address: string, listener: RouteListener): Route {
    const route = new SimulatedRoute(this, address, listener);
    this.routes.set(address, route);
    if (this.network.isGone(address)) route.end('announced before');
    else route.connectLater();
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
    this.scheduler.end();
  }

  /** Ends of connections that others have opened. */
  readonly incoming = new Set<() => void>();

  accept(connection: PeerConnection): Intake | undefined {
    return this.isAlive ? this.gate?.opened(connection) : undefined;
  }
}
