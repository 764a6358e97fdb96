import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InventoryServiceClient } from '@rookery/contracts/nest';
import { EventStore } from '@rookery/eventsourcing';
import { type ServiceUnderTest, startUnderTest } from '@rookery/service-kit/testing';
import { type TestDatabase, testDatabase, until } from '@rookery/testkit';
import { AppModule } from '../src/app.module.js';

const sku = 'tea';

let database: TestDatabase;
let service: ServiceUnderTest;

beforeAll(async () => {
  database = await testDatabase();
  service = await startUnderTest(AppModule, { DATABASE_URL: database.url, RESERVATION_MS: '300' });
});

afterAll(async () => {
  await service.stop();
  await database.drop();
});

describe('a reservation', () => {
  it('ends when nobody ends it in time', async () => {
    const client = service.client(InventoryServiceClient);
    const token = await service.token(['inventory:read', 'inventory:write']);
    await client.receiveStock({ sku, quantity: 1 }, { token });
    const orderId = randomUUID();
    await client.reserve({ sku, orderId, quantity: 1 });
    await until('it has expired', async () => (await client.getStock({ sku }, { token })).stock?.available === 1);
    const { events } = await service.service.app.get(EventStore).readStream(`stock-${sku}`, 0, 10);
    const types = events.map(({ event }) => event.type);
    expect(types).toEqual(['StockReceived', 'StockReserved', 'ReservationExpired']);
    await expect(client.commit({ sku, orderId })).rejects.toMatchObject({ code: 'RESERVATION_EXPIRED' });
  });
});
