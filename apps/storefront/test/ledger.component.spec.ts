import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orders } from '@rookery/contracts/messages';
import { StaticCatalogue } from '@rookery/discovery';
import { EventStore } from '@rookery/eventsourcing';
import { type RunningService, startService } from '@rookery/service-kit';
import { type ServiceUnderTest, startUnderTest } from '@rookery/service-kit/testing';
import { type TestDatabase, testDatabase, until } from '@rookery/testkit';
import { AppModule } from '../src/app.module.js';
import { tell, TellingInventoryModule, TellingOrdersModule } from './scripted-events.js';

const { CancelReason } = orders;

type Figures = Readonly<Record<string, number>>;

const catalogue = new StaticCatalogue();
let databases: TestDatabase[];
let publishers: ServiceUnderTest[];
let log: EventStore;
let stockLog: EventStore;
let storefront: RunningService;

beforeAll(async () => {
  databases = [await testDatabase(), await testDatabase(), await testDatabase()];
  const [orderUrl = '', stockUrl = ''] = databases.map(({ url }) => url);
  const placed = await startUnderTest(TellingOrdersModule, { DATABASE_URL: orderUrl }, catalogue);
  const stocked = await startUnderTest(TellingInventoryModule, { DATABASE_URL: stockUrl }, catalogue);
  publishers = [placed, stocked];
  log = placed.service.app.get(EventStore);
  stockLog = stocked.service.app.get(EventStore);
  storefront = await startShop();
});

afterAll(async () => {
  await storefront.stop();
  for (const publisher of publishers) await publisher.stop();
  for (const database of databases) await database.drop();
});

/** Nobody sells here: it never opens, and keeps its ledger all the same. */
function startShop(): Promise<RunningService> {
  const own = { DATABASE_URL: databases[2]?.url ?? '', SHOPPERS_PER_SECOND: '0' };
  const environment = { REGISTRY: 'static', REPORT_TO: '', LOG_LEVEL: 'silent', DRAIN_PROPAGATION_MS: '0', ...own };
  return startService(AppModule, environment, { catalogue });
}

async function figures(): Promise<Figures> {
  const answer = await (await fetch(`http://127.0.0.1:${storefront.httpPort}/figures`)).json();
  return Object.fromEntries(
    (answer as { figures: { name: string; value: number }[] }).figures.map(({ name, value }) => [name, value]),
  );
}

const untilPlaced = (count: number) =>
  until(`${count} orders are in the ledger`, async () => (await figures())['orders placed'] === count);

function placed(...lines: readonly (readonly [sku: string, quantity: number])[]) {
  const orderId = randomUUID();
  const message = { orderId, lines: lines.map(([sku, quantity]) => ({ sku, quantity })) };
  return { orderId, event: ['OrderPlaced', message] as const };
}

describe('the ledger of the storefront', () => {
  it('counts all orders by how they ended, and the units that were sold and received', async () => {
    const bought = placed(['lamp', 1], ['tea', 3]);
    await tell(log, bought.orderId, bought.event, ['OrderConfirmed', { orderId: bought.orderId, total: undefined }]);
    for (const reason of [
      ...[CancelReason.CANCEL_REASON_OUT_OF_STOCK, CancelReason.CANCEL_REASON_OUT_OF_STOCK],
      ...[CancelReason.CANCEL_REASON_PAYMENT_DECLINED, CancelReason.CANCEL_REASON_CUSTOMER],
      CancelReason.CANCEL_REASON_TIMED_OUT,
    ]) {
      const { event, orderId } = placed(['lamp', 1]);
      await tell(log, orderId, event, ['OrderCancelled', { orderId, reason }]);
    }
    const { event, orderId } = placed(['tea', 2]);
    await tell(log, orderId, event);
    await tell(stockLog, 'tea', ['StockReceived', { sku: 'tea', quantity: 7 }]);
    await tell(stockLog, 'tea', ['StockReceived', { sku: 'tea', quantity: 4 }]);
    await untilPlaced(7);
    await until('it has heard of the stock', async () => (await figures())['units received'] === 11);
    expect(await figures()).toEqual({
      ...{ 'orders placed': 7, open: 1, confirmed: 1, 'cancelled by customers': 1, 'cancelled otherwise': 1 },
      ...{ 'rejected for lack of stock': 2, 'cancelled for declined cards': 1 },
      ...{ 'units sold': 4, 'units of lamp sold': 1, 'units received': 11 },
    });
  });

  it('is kept over a restart, and goes on with what happened meanwhile', async () => {
    const before = await figures();
    await storefront.stop();
    const { event, orderId } = placed(['lamp', 1]);
    await tell(log, orderId, event, ['OrderConfirmed', { orderId, total: undefined }]);
    storefront = await startShop();
    await untilPlaced(8);
    expect(await figures()).toEqual({
      ...before,
      ...{ 'orders placed': 8, confirmed: 2, 'units sold': 5, 'units of lamp sold': 2 },
    });
  });

  it('stands still, and counts nothing, at an order that ends without ever having been placed', async () => {
    const before = await figures();
    const stray = randomUUID();
    await tell(log, stray, ['OrderCancelled', { orderId: stray, reason: CancelReason.CANCEL_REASON_CUSTOMER }]);
    const metrics = async (): Promise<string> =>
      (await fetch(`http://127.0.0.1:${storefront.httpPort}/metrics`)).text();
    await until('it says so', async () =>
      /tasks_stopped\{task="consumer sales",code="EVENT_NOT_HANDLED"\} 1/.test(await metrics()),
    );
    expect(await figures()).toEqual(before);
  });
});
