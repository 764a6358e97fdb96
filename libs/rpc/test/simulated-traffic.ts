import type { Instance } from '@rookery/discovery';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import type { Picker } from '../src/balancing/balancer.js';
import { type BalancerName, createBalancer } from '../src/balancing/create-balancer.js';

/** How a simulated instance takes calls: the status code it gives and within what range of milliseconds. */
export interface Behaviour {
  readonly code: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** The share of calls that this is about; the others go as `steady` does. Default 1. */
  readonly callShare?: number;
}

/** Answers like most instances of the simulations do. */
export const steady: Behaviour = { code: 0, fromMs: 10, toMs: 30 };

/** Takes calls and never ends one. */
export const stalled: Behaviour = { code: 0, fromMs: Infinity, toMs: Infinity };

export function failing(code: number): Behaviour {
  return { code, fromMs: 1, toMs: 1 };
}

/** Calls per instance id over a stretch of time. */
export class Tally {
  readonly calls = new Map<string, number>();
  total = 0;

  count(id: string): void {
    this.calls.set(id, (this.calls.get(id) ?? 0) + 1);
    this.total++;
  }

  of(id: string): number {
    return this.calls.get(id) ?? 0;
  }

  share(id: string): number {
    return this.of(id) / this.total;
  }
}

/**
 * One caller that calls a set of instances at Poisson arrivals through a balancer, under a virtual clock. Equal seeds give
 * equal runs.
 */
export class SimulatedTraffic {
  readonly time = new VirtualTime();
  private readonly random: SeededRandom;
  private readonly balancer;
  private readonly behaviours = new Map<string, Behaviour>();
  private readonly weights = new Map<string, number>();
  private picker: Picker;
  private tally = new Tally();

  constructor(
    name: BalancerName,
    seed: number,
    private readonly perSecond = 200,
  ) {
    this.random = new SeededRandom(seed);
    this.balancer = createBalancer(name, { clock: this.time.clock, random: new SeededRandom(seed + 1_000_003) });
    this.picker = this.balancer.update([]);
    this.arrive();
  }

  /** Adds `count` steady instances, `i0` and on, and returns their ids. */
  addSteady(count: number): string[] {
    const ids = Array.from({ length: count }, (_, index) => `i${index}`);
    for (const id of ids) this.behaviours.set(id, steady);
    this.refresh();
    return ids;
  }

  set(id: string, behaviour: Behaviour, weight = 100): void {
    this.behaviours.set(id, behaviour);
    const isNews = this.weights.get(id) !== weight;
    this.weights.set(id, weight);
    if (isNews) this.refresh();
  }

  remove(id: string): void {
    this.behaviours.delete(id);
    this.refresh();
  }

  /** Lets `durationMs` pass and returns who was called in it. */
  run(durationMs: number): Tally {
    this.tally = new Tally();
    this.time.advance(durationMs);
    return this.tally;
  }

  private refresh(): void {
    this.picker = this.balancer.update([...this.behaviours.keys()].sort().map((id) => this.instance(id)));
  }

  private instance(id: string): Instance {
    return instanceOf(id, this.weights.get(id) ?? 100);
  }

  private arrive(): void {
    this.time.timer((-Math.log(1 - this.random.next()) / this.perSecond) * 1000, () => {
      this.call();
      this.arrive();
    });
  }

  private call(): void {
    const pick = this.picker.pick({});
    if (pick === undefined) return;
    const { id } = pick.instance;
    this.tally.count(id);
    pick.started();
    const behaviour = this.behaviours.get(id) ?? stalled;
    const isSteady = behaviour.callShare !== undefined && this.random.next() >= behaviour.callShare;
    const { code, fromMs, toMs } = isSteady ? steady : behaviour;
    if (fromMs === Infinity) return;
    const durationMs = fromMs + this.random.next() * (toMs - fromMs);
    this.time.timer(durationMs, () => pick.ended(code, durationMs));
  }
}

/** An instance whose only properties of interest are its id and weight. */
export function instanceOf(id: string, weight = 100, incarnation = 'first'): Instance {
  return {
    id,
    service: 'simulated',
    incarnation,
    version: '1.0.0',
    zone: '',
    weight,
    startedAt: 0,
    endpoints: {},
    capabilities: [],
    contractDigest: '',
  };
}
