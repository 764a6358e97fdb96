import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { inventory } from '@rookery/contracts/messages';
import { InventoryServiceClient } from '@rookery/contracts/nest';
import { databaseSettings, EventSourcingModule } from '@rookery/cqrs';
import { type EventType, IntegrationEventHandler, isOf, MessagingModule, type ReceivedEvent } from '@rookery/messaging';
import type { Transaction } from '@rookery/postgres';
import { ServiceKitModule, settings } from '@rookery/service-kit';
import { type ServiceUnderTest, startUnderTest } from '@rookery/service-kit/testing';
import { query, type TestDatabase, testDatabase, until } from '@rookery/testkit';
import { AppModule } from '../src/app.module.js';

class WarehouseConfig extends settings({ ...databaseSettings }) {}

// #region handler
type Arrival = inventory.StockReceived | inventory.ReservationExpired;

/** Counts for a warehouse what has come in and what came back. */
@Injectable()
class ArrivalsConsumer extends IntegrationEventHandler<Arrival> {
  readonly name = 'arrivals';
  readonly service = 'inventory';
  readonly types: readonly EventType<Arrival>[] = [inventory.StockReceived, inventory.ReservationExpired];

  async handle(event: ReceivedEvent<Arrival>, transaction: Transaction): Promise<void> {
    const { quantity, sku } = event.message;
    const kind = isOf(event, inventory.StockReceived) ? 'received' : 'expired';
    await transaction.query({
      text: 'insert into warehouse.arrivals (sku, kind, quantity) values ($1, $2, $3)',
      values: [sku, kind, quantity],
    });
  }
}
// #endregion

// #region module
const arrivals = {
  namespace: 'warehouse',
  migrations: [
    { number: 1, name: 'arrivals', sql: 'create table arrivals (place serial, sku text, kind text, quantity int)' },
  ],
};

@Module({
  imports: [
    ServiceKitModule.forRoot({ name: 'warehouse', config: WarehouseConfig }),
    EventSourcingModule.forRoot({ config: WarehouseConfig, migrations: [arrivals] }),
    MessagingModule.forRoot(),
  ],
  providers: [ArrivalsConsumer],
})
class WarehouseModule {}
// #endregion

let databases: TestDatabase[];
let stock: ServiceUnderTest;
let warehouses: ServiceUnderTest[];
let client: InventoryServiceClient;
let token: string;

beforeAll(async () => {
  databases = [await testDatabase(), await testDatabase()];
  stock = await startUnderTest(AppModule, { DATABASE_URL: databases[0]?.url ?? '', RESERVATION_MS: '300' });
  warehouses = [await startWarehouse('a'), await startWarehouse('b')];
  client = stock.client(InventoryServiceClient);
  token = await stock.token(['inventory:write']);
});

afterAll(async () => {
  for (const service of [...warehouses, stock]) await service.stop();
  for (const database of databases) await database.drop();
});

function startWarehouse(id: string): Promise<ServiceUnderTest> {
  const environment = { INSTANCE_ID: `warehouse-${id}`, DATABASE_URL: databases[1]?.url ?? '' };
  return startUnderTest(WarehouseModule, environment, stock.catalogue);
}

async function arrivalsOf(sku: string): Promise<readonly string[]> {
  const text = 'select kind, quantity from warehouse.arrivals where sku = $1 order by place';
  const rows = await query<{ kind: string; quantity: number }>(databases[1]?.url ?? '', text, [sku]);
  return rows.map(({ kind, quantity }) => `${quantity} ${kind}`);
}

async function metricOf({ http }: ServiceUnderTest, name: string): Promise<readonly string[]> {
  const text = await (await fetch(`${http}/metrics`)).text();
  return text.split('\n').filter((line) => line.startsWith(name));
}

describe('another service', () => {
  it('hears once what inventory receives and what expires, and nothing else', async () => {
    await client.receiveStock({ sku: 'tea', quantity: 5 }, { token });
    await client.reserve({ sku: 'tea', orderId: randomUUID(), quantity: 2 });
    await until('it has heard both', async () => (await arrivalsOf('tea')).length >= 2);
    expect(await arrivalsOf('tea')).toEqual(['5 received', '2 expired']);
  });

  it('goes on with what it has missed when the instance that consumed stops', async () => {
    const isLeader = async (one: ServiceUnderTest): Promise<boolean> =>
      (await metricOf(one, 'rookery_tasks_led{task="consumer arrivals"}')).join().endsWith(' 1');
    const [first, second] = warehouses;
    const leader = first !== undefined && (await isLeader(first)) ? first : second;
    await leader?.stop();
    warehouses = warehouses.filter((one) => one !== leader);
    await client.receiveStock({ sku: 'cup', quantity: 7 }, { token });
    await until('the other has heard it', async () => (await arrivalsOf('cup')).length > 0);
    const [left] = warehouses;
    expect(left !== undefined && (await isLeader(left))).toBe(true);
    expect(await arrivalsOf('cup')).toEqual(['7 received']);
  });

  it('shows on /metrics how far it is behind, and inventory who subscribes', async () => {
    const [left] = warehouses;
    if (left === undefined) throw new Error('none is left');
    expect((await metricOf(left, 'rookery_log_lag_positions')).join()).toMatch(/task="consumer arrivals"} \d+$/);
    expect(await metricOf(left, 'rookery_tasks_stopped')).toEqual([]);
    expect(await metricOf(left, 'rookery_consumer_events_total')).toEqual([
      expect.stringMatching(/^rookery_consumer_events_total{consumer="arrivals"} [1-3]$/),
    ]);
    await until('the one that stopped is gone', async () => {
      return (await metricOf(stock, 'rookery_feed_subscribers')).join() === 'rookery_feed_subscribers 1';
    });
  });
});
