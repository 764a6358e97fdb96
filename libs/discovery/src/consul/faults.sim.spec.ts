import { describe, expect, it } from '@jest/globals';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import { toInstance } from '../instance.mapper.js';
import type { Snapshot } from '../snapshot.js';
import { SimulatedConsul } from '../testing/simulated-consul.js';
import type { ConsulClient } from './consul.client.js';
import { LivenessCheck } from './liveness-check.js';
import { Registration } from './registration.js';
import { ServiceWatch } from './service-watch.js';

const IDS = ['a', 'b', 'c'];
const SILENT = { observe: () => undefined };

/** Three instances and one watch on a Consul that suffers. */
class World {
  readonly time = new VirtualTime();
  readonly random: SeededRandom;
  readonly consul: SimulatedConsul;
  readonly snapshots: Snapshot[] = [];
  readonly registrations = new Map<string, Registration>();
  /** Out of rotation by a confirmed order and seen so since. */
  readonly out = new Set<string>();
  /** Snapshots that show an instance which is out of rotation. */
  readonly broken: Snapshot[] = [];
  private readonly context;
  private readonly watch;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
    this.consul = new SimulatedConsul(this.time, this.random);
    const client = this.consul.client as unknown as ConsulClient;
    const surroundings = {
      clock: this.time.clock,
      random: this.random,
      scheduler: this.time,
      observer: SILENT,
      client,
    };
    this.context = { ...surroundings, check: new LivenessCheck({ kind: 'ttl' }) };
    const watching = {
      ...surroundings,
      store: undefined,
      waitMs: 60_000,
      repairMs: 30_000,
      graceMs: 15_000,
      feeds: new Set<never>(),
    };
    this.watch = ServiceWatch.instances('s', watching, () => undefined);
    this.watch.feed.subscribe((snapshot) => this.see(snapshot));
  }

  async start(): Promise<void> {
    for (const id of IDS) this.enter(id, 0);
    await this.time.advanceAsync(5_000);
  }

  /** Once again under the same id, as a process that was killed and started again. */
  async replace(id: string, incarnation: number): Promise<void> {
    const stopped = this.registrations.get(id)?.stop();
    await this.time.advanceAsync(20_000);
    await stopped;
    this.enter(id, incarnation);
  }

  async setMaintenance(id: string, isOut: boolean): Promise<void> {
    if (!isOut) this.out.delete(id);
    const ordered = this.registrations.get(id)?.setMaintenance(isOut, 'why', 1_000);
    await Promise.all([ordered?.catch(() => undefined), this.time.advanceAsync(30_000)]);
  }

  async stop(): Promise<void> {
    this.watch.close();
    const stopped = Promise.all([...this.registrations.values()].map((registration) => registration.stop()));
    await this.time.advanceAsync(30_000);
    await stopped;
  }

  get last(): Snapshot | undefined {
    return this.snapshots.at(-1);
  }

  ids({ instances }: Snapshot | { instances: Snapshot['instances'] } = { instances: [] }): string {
    return instances.map(({ id }) => id).join();
  }

  private enter(id: string, incarnation: number): void {
    const endpoints = { grpc: { host: '127.0.0.1', port: 4_000 + IDS.indexOf(id) } };
    const instance = toInstance({ id, service: 's', incarnation: `${incarnation}`, endpoints });
    const registration = new Registration(instance, this.context);
    this.registrations.set(id, registration);
    registration.start(new AbortController().signal).catch(() => undefined);
  }

  private see(snapshot: Snapshot): void {
    this.snapshots.push(snapshot);
    if (snapshot.instances.some(({ id }) => this.out.has(id))) this.broken.push(snapshot);
    for (const id of snapshot.outOfRotation) this.out.add(id);
  }
}

const STATES = ['down', 'hanging', 'failing', 'confused'] as const;

function oneOf<T>(random: SeededRandom, of: readonly [T, ...T[]]): T {
  return of[random.int(of.length)] ?? of[0];
}

describe('discovery on a Consul that suffers', () => {
  it('sees what is there within a minute after the last of any faults, and nothing out of rotation meanwhile', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const world = new World(seed);
      const { consul, random, time } = world;
      await world.start();
      for (let step = 1; step <= 12; step++) {
        const id = IDS[random.int(3)] ?? 'a';
        const fault = oneOf<() => Promise<void> | void>(random, [
          () => void (consul.state = oneOf(random, STATES)),
          () => consul.restart(true),
          () => consul.restart(false),
          () => consul.forget(id),
          () => world.replace(id, step),
          () => world.setMaintenance(id, random.next() < 0.5),
        ]);
        await fault();
        await time.advanceAsync(random.next() * 20_000);
        consul.state = 'sound';
        await time.advanceAsync(random.next() * 5_000);
      }
      for (const id of IDS) await world.setMaintenance(id, false);
      await time.advanceAsync(60_000);
      expect([seed, world.broken]).toEqual([seed, []]);
      expect([seed, world.ids(world.last), world.last?.outOfRotation]).toEqual([seed, 'a,b,c', []]);
      expect([seed, world.last?.source, world.last?.unconfirmed]).toEqual([seed, 'registry', []]);
      await world.stop();
      expect([seed, time.pending]).toEqual([seed, 0]);
    }
  });

  it('loses nobody who lives while Consul is away, and when it comes back empty', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const world = new World(seed);
      const { consul, random, time } = world;
      await world.start();
      const full = world.snapshots.findIndex((snapshot) => world.ids(snapshot) === 'a,b,c');
      for (let step = 1; step <= 8; step++) {
        consul.state = oneOf(random, ['down', 'failing']);
        await time.advanceAsync(10_000 + random.next() * 120_000);
        consul.restart(true);
        consul.state = 'sound';
        await time.advanceAsync(20_000);
      }
      for (const snapshot of world.snapshots.slice(full)) expect([seed, world.ids(snapshot)]).toEqual([seed, 'a,b,c']);
      await world.stop();
    }
  });
});
