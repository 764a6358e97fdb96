import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Grains } from '@rookery/actors-nest';
import { InventoryServiceClient, InventoryServiceGrainClient } from '@rookery/contracts/nest';
import { StaticCatalogue } from '@rookery/discovery';
import { type ServiceUnderTest, startUnderTest } from '@rookery/service-kit/testing';
import { query, type TestDatabase, testDatabase, until } from '@rookery/testkit';
import { AppModule } from '../src/app.module.js';

let database: TestDatabase;
const catalogue = new StaticCatalogue();
let services: ServiceUnderTest[];
let client: InventoryServiceClient;
let token: string;
let trust = {};
let skus = 0;

beforeAll(async () => {
  database = await testDatabase();
  const first = await start('a');
  trust = first.trust;
  services = [first, await start('b')];
  client = first.client(InventoryServiceClient);
  token = await first.token(['inventory:read', 'inventory:write']);
});

afterAll(async () => {
  for (const service of services) await service.stop();
  await database.drop();
});

function start(id: string): Promise<ServiceUnderTest> {
  const own = { INSTANCE_ID: id, DATABASE_URL: database.url };
  return startUnderTest(AppModule, { ...own, ...trust }, catalogue);
}

const newSku = (): string => `sku-${++skus}`;

function receive(sku: string, quantity: number, key?: string) {
  const metadata = key === undefined ? {} : { 'idempotency-key': key };
  return client.receiveStock({ sku, quantity }, { token, metadata, timeoutMs: 60_000 });
}

async function stockOf(sku: string) {
  return (await client.getStock({ sku }, { token })).stock;
}

/** What there is of a SKU in a table of the event store. */
function rowsOf(table: string, sku: string): Promise<readonly { readonly type: string }[]> {
  const text = `select * from event_store.${table} where stream = $1 order by version`;
  return query(database.url, text, [`stock-${sku}`]);
}

/** What happened to a SKU, as the database has it. */
async function eventsOf(sku: string): Promise<readonly string[]> {
  return (await rowsOf('events', sku)).map(({ type }) => type);
}

/** A SKU whose grain is active in this service. */
async function skuAt(id: string): Promise<string> {
  const http = services.find(({ service }) => service.platform.identity.instanceId === id)?.http;
  for (;;) {
    const sku = `sku-${randomUUID()}`;
    await stockOf(sku);
    if ((await (await fetch(`${http}/actors?limit=1000`)).text()).includes(sku)) return sku;
  }
}

describe('inventory', () => {
  it('counts what comes and what is put aside for orders', async () => {
    const sku = newSku();
    expect(await receive(sku, 10)).toEqual({ stock: { sku, received: 10, available: 10, reserved: 0, sold: 0 } });
    const [kept, sold] = [randomUUID(), randomUUID()];
    expect((await client.reserve({ sku, orderId: kept, quantity: 3 })).expiresAt).toBeInstanceOf(Date);
    await client.reserve({ sku, orderId: sold, quantity: 2 });
    await client.commit({ sku, orderId: sold });
    expect(await stockOf(sku)).toEqual({ sku, received: 10, available: 5, reserved: 3, sold: 2 });
    await client.release({ sku, orderId: kept });
    await client.returnStock({ sku, orderId: sold });
    expect(await stockOf(sku)).toEqual({ sku, received: 10, available: 10, reserved: 0, sold: 0 });
  });

  it('never sells what is not there, whoever comes first', async () => {
    const sku = newSku();
    await receive(sku, 10);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, () => client.reserve({ sku, orderId: randomUUID(), quantity: 1 })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'OUT_OF_STOCK' });
    }
    expect(await stockOf(sku)).toMatchObject({ available: 0, reserved: 10 });
  });

  it('answers a hundred repeats of one command alike: at once, when the stock is gone, from a snapshot and after a restart', async () => {
    const sku = await skuAt('b');
    const key = randomUUID();
    const first = { stock: { sku, received: 5, available: 5, reserved: 0, sold: 0 } };
    const repeat = async (): Promise<void> => {
      const answers = await Promise.all(Array.from({ length: 100 }, () => receive(sku, 5, key)));
      expect(answers).toEqual(Array.from({ length: 100 }, () => first));
      await expect(receive(sku, 6, key)).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED', kind: 'already-exists' });
    };
    await repeat();
    expect(await eventsOf(sku)).toEqual(['StockReceived']);

    const orderId = randomUUID();
    await client.reserve({ sku, orderId, quantity: 5 });
    await client.commit({ sku, orderId });
    await repeat();
    expect(await eventsOf(sku)).toEqual(['StockReceived', 'StockReserved', 'StockCommitted']);

    await Promise.all(Array.from({ length: 600 }, () => receive(sku, 1)));
    await until('there is a snapshot', async () => (await rowsOf('snapshots', sku)).length === 1);
    // It ends where it is, and begins anew in another process.
    await services.splice(1, 1)[0]?.stop();
    services.push(await start('c'));
    await repeat();
    expect(await eventsOf(sku)).toHaveLength(603);
  });

  it('steps down where another activation writes for the same grain', async () => {
    const sku = newSku();
    await receive(sku, 1);
    // Behind the back of the grain, wherever it is: as an activation would that does not know of it.
    await query(
      database.url,
      `insert into event_store.events (position, version, recorded_at, schema, stream, category, type, data, metadata)
       select max(position) + 1, 2, now(), 1, $1, 'stock', 'StockReceived', '{"type":"StockReceived","quantity":41}', '{}'
         from event_store.events`,
      [`stock-${sku}`],
    );
    expect(await receive(sku, 1)).toMatchObject({ stock: { received: 43 } });
  });

  it.each([
    ['no SKU', { sku: '', quantity: 1 }, 'sku'],
    ['no units', { sku: 'x', quantity: 0 }, 'quantity'],
    ['a sentence', { sku: 'a b', quantity: 1 }, 'sku'],
  ])('refuses %s by the name of the field', async (_what, request, field) => {
    const refused = client.receiveStock(request, { token });
    await expect(refused).rejects.toMatchObject({ kind: 'invalid-argument', violations: [{ field }] });
  });

  it('does not expire by the word of others: that call is for the grain alone', async () => {
    const sku = newSku();
    await receive(sku, 1);
    const orderId = randomUUID();
    await expect(client.expireReservation({ sku, orderId })).rejects.toMatchObject({ kind: 'unimplemented' });
    const grains = services[0]?.service.app.get(Grains);
    await grains?.get(InventoryServiceGrainClient, sku).expireReservation({ sku, orderId });
    expect(await eventsOf(sku)).toEqual(['StockReceived']);
  });
});
