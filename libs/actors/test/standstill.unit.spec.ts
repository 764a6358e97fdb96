import { describe, expect, it } from '@jest/globals';
import { CounterServiceGrainClient } from '@rookery/contracts/nest';
import type { Cancellable } from '@rookery/runtime';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import { ActorSystem, Cluster, DeadLetter, type MemberListing, WireMessages } from '../src/index.js';
import { TestProbe } from '../src/testing/index.js';
import { ProcessTime } from '../src/testing/process-time.js';
import { type GrainProcess, GrainWorld } from './grain-world.js';

/** A process with a grain of its own, and another that will take that over. */
async function cluster(): Promise<{ world: GrainWorld; sleeper: GrainProcess; other: GrainProcess; identity: string }> {
  const world = new GrainWorld(new SeededRandom(5));
  for (let count = 0; count < 2; count++) world.start();
  await world.time.advanceAsync(5000);
  const [sleeper, other] = world.alive;
  if (sleeper === undefined || other === undefined) throw new Error('two were started');
  const identity = Array.from({ length: 100 }, (_, number) => `c${number}`).find((one) => sleeper.owns(one));
  if (identity === undefined) throw new Error('no grain is its own');
  const first = sleeper.add(identity, 1, 3000);
  await world.time.advanceAsync(1000);
  expect(await first).toEqual({ total: 1, instance: sleeper.id });
  return { world, sleeper, other, identity };
}

function totalAt(process: GrainProcess, identity: string): Promise<unknown> {
  const counter = process.cluster.grain(CounterServiceGrainClient, identity);
  return counter.getTotal({ counterId: identity }, { timeoutMs: 60_000 }).then(
    ({ total }) => total,
    (error: unknown) => (error as { code?: unknown }).code,
  );
}

describe('a process that stood still for longer than its lease', () => {
  it('answers nothing from the activations that it had, not even what came before it wakes, and comes back', async () => {
    const { identity, other, sleeper, world } = await cluster();
    sleeper.pause(10_000);
    for (const [from, to] of [
      [sleeper, other],
      [other, sleeper],
    ] as const)
      world.network.cut(from.address, to.address);
    await world.time.advanceAsync(6000);
    const taken = other.add(identity, 1, 3000);
    await world.time.advanceAsync(3900);
    expect(await taken).toMatchObject({ total: 2, instance: other.id });
    const stale = totalAt(sleeper, identity);
    await world.time.advanceAsync(10_000);
    expect(await stale).toBe('SYSTEM_STOPPED');
    const fresh = totalAt(sleeper, identity);
    await world.time.advanceAsync(1000);
    expect(await fresh).toBe(2);
    expect(sleeper.address).toMatch(/\+1$/);
  });

  it('begins nothing that came before it wakes, where it stops at once', async () => {
    const time = new VirtualTime();
    const scheduler = new ProcessTime(time);
    const system = new ActorSystem({ address: 'a:1', clock: time.clock, random: new SeededRandom(1), scheduler });
    const letters: unknown[] = [];
    system.events.subscribe(DeadLetter, ({ message, reason }) => {
      if (typeof message === 'string') letters.push([message, reason]);
    });
    const nothing = { cancel: () => undefined };
    const peers = {
      connect: () => undefined,
      isUp: () => true,
      quarantine: () => undefined,
      watchPeers: () => nothing,
    };
    const members = [{ id: 'b', incarnation: '1', address: 'b:1', kinds: new Set<string>() }];
    const watch = (listener: (listing: MemberListing) => void): Cancellable => {
      scheduler.microtask(() => listener({ members, isFresh: true }));
      return nothing;
    };
    const onStandstill = (): void => void system.shutdown();
    const parts = { system, peers, messages: new WireMessages(), feed: { watch }, self: { id: 'a', incarnation: '1' } };
    new Cluster({ ...parts, onStandstill }).start();
    const probe = new TestProbe<string>(system);
    await time.advanceAsync(1000);
    scheduler.pause();
    system.tell(probe.pid, 'before it wakes');
    await time.advanceAsync(5000);
    scheduler.resume();
    await time.advanceAsync(1000);
    expect(letters).toEqual([['before it wakes', 'stopped']]);
    expect(system.tree().actorCount).toBe(0);
  });

  it('goes on as it is when the standstill was short', async () => {
    const { identity, sleeper, world } = await cluster();
    sleeper.pause(900);
    await world.time.advanceAsync(10_000);
    const total = totalAt(sleeper, identity);
    await world.time.advanceAsync(1000);
    expect(await total).toBe(1);
    expect(sleeper.address).not.toContain('+');
  });
});
