import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CounterServiceClient, CounterServiceDefinition, CounterServiceGrainClient } from '@rookery/contracts/nest';
import { until } from '@rookery/testkit';
import { ClusterOfCounters, type CounterProcess } from './cluster-of-counters.js';
import { callPlainly } from './plain-caller.js';
import { VisitorsActor } from './visitors.actor.js';

const { add } = CounterServiceDefinition.method;

let cluster: ClusterOfCounters;
beforeEach(() => {
  cluster = new ClusterOfCounters();
});
afterEach(() => cluster.stopAll());

async function two(): Promise<[CounterProcess, CounterProcess]> {
  const [a, b] = await cluster.start('a', 'b');
  if (a === undefined || b === undefined) throw new Error('two were started');
  return [a, b];
}

function acceptedBy({ service }: CounterProcess): number {
  return service.platform.calls.accepted;
}

async function metricsOf({ http }: CounterProcess): Promise<string> {
  return (await fetch(`${http}/metrics`)).text();
}

describe('a grain of several services', () => {
  it('is called from any of them where it is active', async () => {
    const [a, b] = await two();
    const counterId = cluster.ownedBy(b);
    const counter = a.grains.get(CounterServiceGrainClient, counterId);
    expect(await counter.add({ counterId, amount: 2 })).toEqual({ total: 2, instance: 'b' });
    expect(await b.grains.get(CounterServiceGrainClient, counterId).getTotal({ counterId })).toEqual({
      total: 2,
      instance: 'b',
    });
  });

  it('is called over rpc at its owner, in one hop', async () => {
    const [a, b] = await two();
    const counter = a.client(CounterServiceClient);
    const before = acceptedBy(a);
    for (let call = 1; call <= 20; call++) {
      const counterId = cluster.ownedBy(b);
      expect(await counter.add({ counterId, amount: 1 })).toEqual({ total: 1, instance: 'b' });
    }
    expect(acceptedBy(a)).toBe(before);
  });

  it('is called by a plain gRPC client at any instance', async () => {
    const [a, b] = await two();
    for (const owner of [a, b]) {
      const counterId = cluster.ownedBy(owner);
      for (const total of [1, 2]) {
        const answer = await callPlainly(a.service.grpcPort, add, { counterId, amount: 1 });
        expect(answer).toEqual({ total, instance: owner.id });
      }
    }
  });

  it('refuses what its contract refuses, at either end', async () => {
    const [a, b] = await two();
    const counterId = cluster.ownedBy(b);
    await expect(
      a.grains.get(CounterServiceGrainClient, counterId).add({ counterId: '', amount: 1 }),
    ).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    await expect(callPlainly(a.service.grpcPort, add, { counterId: '', amount: 1 })).rejects.toMatchObject({ code: 3 });
  });

  it('goes on with the trace of whoever calls', async () => {
    const [a, b] = await two();
    const counterId = cluster.ownedBy(b);
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { traceparent: `00-${trace}-00f067aa0ba902b7-01` };
    expect(await (await fetch(`${a.http}/count/${counterId}`, { headers })).text()).toBe('1');
    await a.grains.get(CounterServiceGrainClient, counterId).add({ counterId, amount: 1 });
    expect(b.ledger.traces).toEqual([trace, undefined]);
  });
});

describe('the stop of a service with grains', () => {
  it('answers every call, and loses none, while others take its grains over', async () => {
    const [a, b] = await two();
    const counters = Array.from({ length: 40 }, (_, index) => cluster.ownedBy(index % 2 === 0 ? a : b));
    const rpc = b.client(CounterServiceClient);
    const stop = new AbortController();
    const adds = counters.map(async (counterId, index) => {
      let answered = 0;
      while (!stop.signal.aborted) {
        const counter = index % 4 < 2 ? rpc : b.grains.get(CounterServiceGrainClient, counterId);
        const { total } = await counter.add({ counterId, amount: 1 });
        expect(total).toBe(++answered);
      }
      return answered;
    });
    await b.grains.get(CounterServiceGrainClient, counters[0] ?? '').getTotal({ counterId: counters[0] ?? '' });
    const linesBefore = b.log.length;
    await cluster.stop(a);
    stop.abort();
    const answered = await Promise.all(adds);
    const totals = counters.map((counterId) => b.ledger.totalOf(counterId));
    expect(totals).toEqual(answered);
    expect(await a.service.stop()).toMatchObject({ isClean: true, cutCalls: 0 });
    // Both write to the log of the process that started last.
    expect(b.log.slice(linesBefore).filter(({ level }) => level === 'warn')).toEqual([]);
  });
});

describe('a service whose actors others have given up', () => {
  it('begins anew with the same actors and grains, and is a member again', async () => {
    const [a, b] = await two();
    const counterId = cluster.ownedBy(a);
    const counter = b.grains.get(CounterServiceGrainClient, counterId);
    await counter.add({ counterId, amount: 1 });
    const former = a.actors.pidOf(VisitorsActor);
    await giveUp(a);
    await cluster.untilAgreed();
    expect(await counter.add({ counterId, amount: 1 })).toEqual({ total: 2, instance: 'a' });
    expect(a.actors.system.address).toBe(`${former.address}+1`);
    expect(a.actors.pidOf(VisitorsActor).equals(former)).toBe(false);
    expect(cluster.catalogue.answer('testing').usable[0]?.capabilities).toContain('actors+1');
    expect(await (await fetch(`${a.http}/enter/ada`)).text()).toBe('Welcome, ada! You are number 1.');
    expect((await fetch(`${a.http}/readyz`)).status).toBe(200);
    expect(await metricsOf(a)).toContain('rookery_actors_renewals_total 1');
  });

  it('goes on with its own calls meanwhile, as far as they may be repeated', async () => {
    const [a, b] = await two();
    const counters = Array.from({ length: 20 }, (_, index) => cluster.ownedBy(index % 2 === 0 ? a : b));
    const stop = new AbortController();
    const loops = counters.map(async (counterId) => {
      const counter = a.grains.get(CounterServiceGrainClient, counterId);
      while (!stop.signal.aborted) expect(await counter.getTotal({ counterId })).toMatchObject({ total: 0 });
    });
    await giveUp(a);
    await cluster.untilAgreed();
    stop.abort();
    await Promise.all(loops);
  });
});

describe('a service that stood still for longer than its lease', () => {
  it('begins anew before others tell it to', async () => {
    const [a, b] = await two();
    const counterId = cluster.ownedBy(a);
    const counter = b.grains.get(CounterServiceGrainClient, counterId);
    await counter.add({ counterId, amount: 1 });
    // Both are in this process, and neither is told anything meanwhile.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3200);
    await until('both have begun anew', () => [a, b].every(({ live }) => live.renewals === 1));
    await cluster.untilAgreed();
    expect(await counter.add({ counterId, amount: 1 })).toEqual({ total: 2, instance: 'a' });
    const because = expect.objectContaining({ msg: expect.stringContaining('stood still') as unknown });
    expect(b.log).toContainEqual(because);
  });
});

async function giveUp(process: CounterProcess): Promise<void> {
  cluster.takeIdOf(process);
  await until('it has begun anew', () => process.live.renewals === 1);
}

describe('a service with actors shows', () => {
  it('its live actors and its cluster', async () => {
    const [a, b] = await two();
    const counterId = cluster.ownedBy(a);
    await a.grains.get(CounterServiceGrainClient, counterId).getTotal({ counterId });
    const view: unknown = await (await fetch(`${a.http}/actors`)).json();
    const kinds: unknown = expect.arrayContaining([CounterServiceDefinition.name]);
    expect(view).toMatchObject({
      address: a.actors.system.address,
      tree: { roots: expect.arrayContaining([expect.objectContaining({ id: 'visitors', state: 'running' })]) },
      cluster: {
        members: [
          { id: 'a', kinds, isUp: true },
          { id: 'b', kinds, isUp: true, address: b.actors.system.address },
        ],
        activations: { [CounterServiceDefinition.name]: 1 },
      },
    });
    const part = (await (await fetch(`${a.http}/actors?under=visitors&limit=1`)).json()) as { tree: object };
    expect(part.tree).toMatchObject({ roots: [{ id: 'visitors' }] });
    for (const wrong of ['limit=0', 'limit=x', 'limit=1001', 'under=a&under=b']) {
      expect((await fetch(`${a.http}/actors?${wrong}`)).status).toBe(400);
    }
  });

  it('their numbers', async () => {
    const [a, b] = await two();
    const counterId = cluster.ownedBy(a);
    await b.grains.get(CounterServiceGrainClient, counterId).getTotal({ counterId });
    await fetch(`${a.http}/enter/ada`);
    const scrape = await metricsOf(a);
    for (const line of [
      'rookery_grains_active{kind="rookery.testing.v1.CounterService"} 1',
      'rookery_grains_activations_total{kind="rookery.testing.v1.CounterService"} 1',
      'rookery_actors_peers{state="up"} 1',
      'rookery_actors_restarted_total 0',
      'rookery_actors_renewals_total 0',
    ]) {
      expect(scrape).toContain(line);
    }
    expect(scrape).toMatch(/rookery_actors_messages_handled_total [1-9]/);
    expect(scrape).toMatch(/rookery_actors_busy_seconds_total [\d.e-]*[1-9]/);
    expect(scrape).toMatch(/rookery_grains_hand_overs_total\{outcome="confirmed"\} [1-9]/);
  });
});
