import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Instance, type Resolver, type Snapshot, StaticCatalogue, StaticResolver } from '@rookery/discovery';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import { describedInstance } from '@rookery/testkit';
import { contractOf } from '../../test/edge-harness.js';
import { LiveRoutes } from '../routing/live-routes.js';
import type { Contract } from './contract.js';
import { ContractCatalogue } from './contract-catalogue.js';
import { ContractReader, NoReflectionError } from './contract-reader.port.js';
import type { ContractSources } from './service-contracts.js';

const v1 = contractOf('shop_v1.proto', 'gateway.shop.Shop');
const v2 = contractOf('shop_v2.proto', 'gateway.shop.Shop');
const LINGER_MS = 60_000;

class FakeReader extends ContractReader {
  readonly asked: string[] = [];
  readonly contracts = new Map<string, Contract>([
    ['v1', v1],
    ['v2', v2],
  ]);

  async read(instance: Instance): Promise<Contract> {
    this.asked.push(instance.id);
    const contract = this.contracts.get(instance.contractDigest || 'v1');
    if (contract === undefined) throw new Error('connection refused');
    return contract;
  }
}

let time: VirtualTime;
let registry: StaticCatalogue;
let reader: FakeReader;
let catalogue: ContractCatalogue;
let routes: LiveRoutes;
let sources: ContractSources;
let reported: unknown[];

beforeEach(() => {
  time = new VirtualTime();
  registry = new StaticCatalogue();
  reader = new FakeReader();
  const resolver = new StaticResolver({ catalogue: registry, clock: time.clock, scheduler: time });
  reported = [];
  sources = {
    reader,
    random: new SeededRandom(1),
    scheduler: time,
    clock: time.clock,
    lingerMs: LINGER_MS,
  };
  catalogue = new ContractCatalogue(resolver, sources, () => routes.refresh());
  routes = new LiveRoutes(catalogue, time, (error) => reported.push(error));
});

afterEach(() => {
  catalogue.close();
  routes.close();
});

function put(id: string, contractDigest: string, more: Partial<Instance> = {}): void {
  registry.put(describedInstance(id, 1, { service: 'shop', contractDigest, incarnation: 'i', startedAt: 1, ...more }));
}

/** Lets what is due now happen: the registry's news, the answers of readers. */
function settle(): Promise<void> {
  return time.advanceAsync(100);
}

function served(): string[] {
  return routes.table.routes.map(
    (route) => `${route.name} ${route.versions.map((one) => [...one.contracts].join('+')).join(' ')}`,
  );
}

describe('the contracts of a service', () => {
  beforeEach(() => catalogue.start());

  it('are read once for all instances that share a digest', async () => {
    put('a', 'v1');
    put('b', 'v1');
    await settle();
    put('c', 'v1');
    await settle();
    expect(reader.asked).toHaveLength(1);
    expect(served()).toEqual(['POST /v1/purchases v1', 'GET /v1/window v1']);
  });

  it('are read for each instance that names no digest, and count as one where they agree', async () => {
    put('a', '');
    put('b', '');
    await settle();
    expect(reader.asked).toEqual(['a', 'b']);
    expect(served()[0]).toBe('POST /v1/purchases b@i+a@i');
  });

  it('stand newest first', async () => {
    put('a', 'v1', { startedAt: 100 });
    put('b', 'v2', { startedAt: 200 });
    await settle();
    expect(served()).toEqual(['POST /v1/purchases v2 v1', 'GET /v1/window v2+v1', 'POST /v1/returns v2']);
  });

  it('are asked of another instance when one does not answer, until one does', async () => {
    put('a', 'v3');
    put('b', 'v3');
    await settle();
    expect(catalogue.unread).toMatchObject([{ service: 'shop', contract: 'v3', lastError: 'connection refused' }]);
    expect(routes.table.routes).toHaveLength(0);
    await time.advanceAsync(1000);
    reader.contracts.set('v3', v2);
    await time.advanceAsync(20_000);
    expect(new Set(reader.asked)).toEqual(new Set(['a', 'b']));
    expect(catalogue.unread).toHaveLength(0);
    expect(served()).toHaveLength(3);
  });

  it('are no longer asked for when the last instance has gone', async () => {
    put('a', 'v3');
    await settle();
    registry.remove('a');
    await settle();
    const { length } = reader.asked;
    await time.advanceAsync(60_000);
    expect(reader.asked).toHaveLength(length);
    expect(catalogue.unread).toHaveLength(0);
  });

  it.each([
    ['was read', 'v1', 1],
    ['could not be read', 'v3', 2],
  ])('are read on when one %s and the routes cannot be rebuilt, which is reported', async (_name, digest, attempts) => {
    const broken = new Error('no routes');
    put('a', digest);
    // The news of the registry have been taken up by now; what follows comes of the reading.
    routes.onChange(() => {
      throw broken;
    });
    await time.advanceAsync(2000);
    expect(reported.slice(0, attempts)).toEqual(Array.from({ length: attempts }, () => broken));
    expect(catalogue.unread).toHaveLength(digest === 'v1' ? 0 : 1);
  });

  it('go after their time when the routes cannot be rebuilt then, which is reported', async () => {
    put('a', 'v1');
    await time.advanceAsync(5000);
    registry.remove('a');
    const broken = new Error('no routes');
    routes.onChange(() => {
      throw broken;
    });
    expect(served()).toHaveLength(2);
    await time.advanceAsync(LINGER_MS);
    expect(reported).toEqual([broken]);
    expect(served()).toEqual([]);
  });

  it('keep an instance with an unknown contract from getting calls, from the first moment', async () => {
    put('a', 'v1');
    await settle();
    expect(routes.table.routes[0]?.isUniform).toBe(true);
    put('b', 'v3');
    expect(routes.table.routes[0]?.isUniform).toBe(false);
  });
});

describe('a path that no known contract has', () => {
  const FOREIGN_MS = 3000;

  it('may have a route as long as nobody has heard from the registry', async () => {
    expect(catalogue.isComplete).toBe(false);
    catalogue.start();
    await settle();
    expect(catalogue.isComplete).toBe(true);
  });

  it('may have one while the contract that an instance names cannot be read, as long as routes of a lost one stay', async () => {
    put('a', 'v1');
    put('b', 'v3');
    catalogue.start();
    await time.advanceAsync(LINGER_MS - 1000);
    expect(catalogue.isComplete).toBe(false);
    await time.advanceAsync(1000);
    expect(catalogue.isComplete).toBe(true);
    expect(catalogue.unread).toHaveLength(1);
  });

  it('may have one for a moment alone where an instance names no contract, which it may not have', async () => {
    reader.read = () => Promise.reject(new Error('connection refused'));
    put('a', '');
    catalogue.start();
    await time.advanceAsync(FOREIGN_MS - 100);
    expect(catalogue.isComplete).toBe(false);
    await time.advanceAsync(200);
    expect(catalogue.isComplete).toBe(true);
  });

  it('has none where an instance says that it tells no contract', async () => {
    reader.read = () => Promise.reject(new NoReflectionError());
    put('a', '');
    catalogue.start();
    await settle();
    expect(catalogue.isComplete).toBe(true);
  });

  it('may have one again when a contract appears that is new', async () => {
    put('a', 'v1');
    catalogue.start();
    await settle();
    expect(catalogue.isComplete).toBe(true);
    put('b', 'v3');
    expect(catalogue.isComplete).toBe(false);
    registry.remove('b');
    await settle();
    expect(catalogue.isComplete).toBe(true);
  });
});

describe('the routes of a service that has gone', () => {
  beforeEach(() => catalogue.start());

  it('stay for a while and then go', async () => {
    put('a', 'v1');
    await settle();
    registry.remove('a');
    await settle();
    expect(served()).toHaveLength(2);
    await time.advanceAsync(LINGER_MS);
    expect(served()).toHaveLength(0);
  });

  it('stay for good when it comes back in time', async () => {
    put('a', 'v1');
    await settle();
    registry.remove('a');
    await time.advanceAsync(LINGER_MS / 2);
    put('a', 'v1', { incarnation: 'j' });
    await time.advanceAsync(2 * LINGER_MS);
    expect(served()).toHaveLength(2);
    expect(reader.asked).toHaveLength(1);
  });
});

describe('a cold start', () => {
  it('gives a contested path to the service that runs longest, whoever answers first', async () => {
    const answers: (() => void)[] = [];
    reader.read = (instance) =>
      new Promise((resolve) => {
        if (instance.service === 'shop') answers.push(() => resolve(v1));
        else resolve(v1);
      });
    put('a', 'v1', { service: 'arcade', startedAt: 2 });
    put('b', 'v1', { service: 'shop', startedAt: 1 });
    catalogue.start();
    await settle();
    expect([routes.isSettled, routes.table.routes[0]?.service]).toEqual([false, 'arcade']);
    answers.forEach((answer) => answer());
    await settle();
    expect([routes.isSettled, routes.table.routes[0]?.service]).toEqual([true, 'shop']);
  });

  it('gives a contested path to the service that is served longest, although all its instances are new', async () => {
    put('a', 'v1', { service: 'arcade', startedAt: 5 });
    put('b', 'v1', { service: 'shop', startedAt: 9, servedSince: 1 });
    catalogue.start();
    await settle();
    expect(routes.table.routes.map(({ service }) => service)).toEqual(['shop', 'shop']);
  });

  it('is not over before the registry has told of the instances of each service', async () => {
    const watch = { close: () => undefined };
    let tell: (snapshot: Snapshot) => void = () => undefined;
    const resolver = {
      watchServices: (listener: (services: readonly string[]) => void) => {
        listener(['shop']);
        return watch;
      },
      watch: (_service: string, listener: (snapshot: Snapshot) => void) => {
        tell = listener;
        return watch;
      },
    } as unknown as Resolver;
    const slow = new ContractCatalogue(resolver, sources, () => undefined);
    slow.start();
    expect([slow.isSettled, slow.isComplete]).toEqual([false, false]);
    tell({ service: 'shop', instances: [], outOfRotation: [], confirmedAt: 0, source: 'registry' });
    expect([slow.isSettled, slow.isComplete]).toEqual([true, true]);
    slow.close();
  });

  it('does not wait for ever', async () => {
    reader.read = () => new Promise(() => undefined);
    put('a', 'v1');
    catalogue.start();
    await time.advanceAsync(2900);
    expect(routes.isSettled).toBe(false);
    await time.advanceAsync(200);
    expect(routes.isSettled).toBe(true);
  });
});
