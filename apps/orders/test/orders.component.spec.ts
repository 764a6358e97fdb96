import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Grains } from '@rookery/actors-nest';
import { orders } from '@rookery/contracts/messages';
import { OrdersServiceClient, OrdersServiceGrainClient } from '@rookery/contracts/nest';
import { StaticCatalogue } from '@rookery/discovery';
import { type ServiceUnderTest, startUnderTest } from '@rookery/service-kit/testing';
import { type TestDatabase, testDatabase } from '@rookery/testkit';
import { AppModule } from '../src/app.module.js';
import { storedEvents } from './stored-events.js';

const { OrderStatus, CancelReason } = orders;
const scopes = ['orders:read', 'orders:write'];

let database: TestDatabase;
const catalogue = new StaticCatalogue();
let services: ServiceUnderTest[];
let client: OrdersServiceClient;
let token: string;
let stranger: string;

/** Two instances, and none of the neighbours: what is placed waits. */
beforeAll(async () => {
  database = await testDatabase();
  const first = await start('a', {});
  services = [first, await start('b', first.trust)];
  client = first.client(OrdersServiceClient);
  token = await first.token(scopes, 'ada');
  stranger = await first.token(scopes, 'eve');
});

afterAll(async () => {
  for (const service of services) await service.stop();
  await database.drop();
});

function start(id: string, trust: ServiceUnderTest['trust']): Promise<ServiceUnderTest> {
  return startUnderTest(AppModule, { INSTANCE_ID: id, DATABASE_URL: database.url, ...trust }, catalogue);
}

const lines = [{ sku: 'tea', quantity: 2 }];
const wish = (orderId: string) => ({ orderId, lines, currency: 'EUR', card: 'tok_ok' });

function place(orderId: string, key?: string) {
  const metadata = key === undefined ? {} : { 'idempotency-key': key };
  return client.placeOrder(wish(orderId), { token, metadata, timeoutMs: 60_000 });
}

describe('orders', () => {
  it('takes an order, and shows it to its customer', async () => {
    const orderId = randomUUID();
    const { order } = await place(orderId);
    expect(order).toEqual({
      orderId,
      lines,
      status: OrderStatus.ORDER_STATUS_PLACED,
      currency: 'EUR',
      total: undefined,
      cancelReason: CancelReason.CANCEL_REASON_UNSPECIFIED,
      placedAt: expect.any(Date),
    });
    expect(await client.getOrder({ orderId }, { token })).toEqual({ order });
  });

  it('has one order after a hundred repeats, with a key or without, and the same answer for all', async () => {
    const orderId = randomUUID();
    const key = randomUUID();
    const first = await place(orderId, key);
    const asked = Array.from({ length: 100 }, (_, nth) => place(orderId, nth % 2 === 0 ? key : undefined));
    for (const answer of await Promise.all(asked)) expect(answer).toEqual(first);
    expect(await storedEvents(database.url, `order-${orderId}`)).toEqual(['OrderPlaced']);
  });

  it('refuses another order under the same key', async () => {
    const orderId = randomUUID();
    const metadata = { 'idempotency-key': randomUUID() };
    await client.placeOrder(wish(orderId), { token, metadata });
    const other = client.placeOrder({ ...wish(orderId), card: 'tok_slow' }, { token, metadata });
    await expect(other).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED', kind: 'already-exists' });
  });

  it('says of an order of somebody else what it says of none', async () => {
    const orderId = randomUUID();
    await place(orderId);
    const none = randomUUID();
    for (const call of [client.getOrder.bind(client), client.cancelOrder.bind(client)]) {
      const refusals = [orderId, none].map((id) =>
        call({ orderId: id }, { token: stranger }).then(
          () => 'nothing',
          ({ code, kind, message }: { code: string; kind: string; message: string }) => ({ code, kind, message }),
        ),
      );
      const [taken, free] = await Promise.all(refusals);
      expect(taken).toMatchObject({ code: 'ORDER_NOT_FOUND', kind: 'not-found' });
      expect(taken).toEqual(free);
    }
  });

  it('says of a taken id that it is taken, and no more', async () => {
    const orderId = randomUUID();
    await place(orderId);
    const refused = client.placeOrder(wish(orderId), { token: stranger });
    await expect(refused).rejects.toMatchObject({
      ...{ code: 'ORDER_ID_TAKEN', kind: 'already-exists', message: 'another order has this id', metadata: {} },
    });
  });

  it('is cancelled by its customer, once', async () => {
    const orderId = randomUUID();
    await place(orderId);
    const { order } = await client.cancelOrder({ orderId }, { token });
    expect(order).toMatchObject({
      status: OrderStatus.ORDER_STATUS_CANCELLED,
      cancelReason: CancelReason.CANCEL_REASON_CUSTOMER,
    });
    expect(await client.cancelOrder({ orderId }, { token })).toEqual({ order });
    expect(await storedEvents(database.url, `order-${orderId}`)).toEqual(['OrderPlaced', 'OrderCancelled']);
  });

  it.each([
    ['no id', { orderId: '' }, 'orderId'],
    ['an id that is no UUID', { orderId: '1' }, 'orderId'],
    ['no lines', { lines: [] }, 'lines'],
    [
      'too many lines',
      { lines: Array.from({ length: 10_000 }, (_, nth) => ({ sku: `s${nth}`, quantity: 1 })) },
      'lines',
    ],
    ['no units', { lines: [{ sku: 'tea', quantity: 0 }] }, 'lines[0].quantity'],
    ['a SKU in two lines', { lines: [...lines, ...lines] }, 'lines[1].sku'],
    ['a currency that nobody sells in', { currency: 'XXX' }, 'currency'],
    ['the number of a card', { card: '4111111111111111' }, 'card'],
  ])('refuses %s by the name of the field', async (_what, wrong, field) => {
    const refused = client.placeOrder({ ...wish(randomUUID()), ...wrong }, { token });
    await expect(refused).rejects.toMatchObject({ kind: 'invalid-argument', violations: [{ field }] });
  });

  it('is sealed, confirmed and abandoned by its own fulfilment alone', async () => {
    const orderId = randomUUID();
    await place(orderId);
    const total = { currency: 'EUR', minorUnits: 900 };
    await expect(client.sealOrder({ orderId, total })).rejects.toMatchObject({ kind: 'unimplemented' });
    await expect(client.confirmOrder({ orderId })).rejects.toMatchObject({ kind: 'unimplemented' });
    const own = services[0]?.service.app.get(Grains).get(OrdersServiceGrainClient, orderId);
    await own?.sealOrder({ orderId, total });
    await expect(client.cancelOrder({ orderId }, { token })).rejects.toMatchObject({ code: 'ORDER_SEALED' });
    const byCustomer = own?.abandonOrder({ orderId, reason: CancelReason.CANCEL_REASON_CUSTOMER });
    await expect(byCustomer).rejects.toMatchObject({ violations: [{ field: 'reason' }] });
    expect(await own?.confirmOrder({ orderId })).toMatchObject({
      order: { status: OrderStatus.ORDER_STATUS_CONFIRMED, total },
    });
  });
});
