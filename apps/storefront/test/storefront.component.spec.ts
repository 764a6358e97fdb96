import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningService, startService } from '@rookery/service-kit';
import { type ServiceUnderTest, startUnderTest } from '@rookery/service-kit/testing';
import { describedInstance, type TestDatabase, testDatabase, until, untilFound } from '@rookery/testkit';
import { AppModule } from '../src/app.module.js';
import { type OrderStats, OrderTally } from '../src/order-tally.js';
import { type ShopStats, Tally } from '../src/tally.js';
import { type FakedServer, house, ProviderModule, startOutside } from './faked-house.js';
import { OrdersModule, sale } from './faked-sale.js';

type Stats = ShopStats & { readonly orders: OrderStats };

let provider: ServiceUnderTest;
let orders: ServiceUnderTest | undefined;
let outside: FakedServer;
let database: TestDatabase;
let storefront: RunningService;

beforeAll(async () => {
  database = await testDatabase();
  provider = await startUnderTest(ProviderModule);
  outside = await startOutside(() => provider.token(['orders:read', 'orders:write', 'pricing:read']));
  provider.catalogue.put({
    id: 'gateway-1',
    service: 'gateway',
    incarnation: 'one',
    version: '1',
    zone: 'local',
    weight: 100,
    startedAt: 0,
    endpoints: { edge: { host: '127.0.0.1', port: outside.port, isSecure: false } },
    capabilities: [],
    contractDigest: '',
  });
  house.isIssuerDown = true;
  storefront = await startService(
    AppModule,
    {
      REGISTRY: 'static',
      REPORT_TO: '',
      LOG_LEVEL: 'silent',
      DRAIN_PROPAGATION_MS: '0',
      DATABASE_URL: database.url,
      SHOPPERS_PER_SECOND: '200',
      // As many as a busy machine serves in time: who comes on top of that turns away.
      MAX_SHOPPERS: '20',
      GATEWAY_URL: `http://127.0.0.1:${outside.port}`,
      TOKEN_URL: `http://127.0.0.1:${outside.port}/token`,
      CALL_TIMEOUT_MS: '30000',
      BUYER_PATIENCE_MS: '60000',
    },
    { catalogue: provider.catalogue },
  );
});

afterAll(async () => {
  await storefront.stop();
  await orders?.stop();
  await provider.stop();
  outside.close();
  await database.drop();
});

async function stats(): Promise<Stats> {
  return (await (await fetch(`http://127.0.0.1:${storefront.httpPort}/stats`)).json()) as Stats;
}

/** The first figures that show it. */
function untilStats(what: string, isSo: (seen: Stats) => boolean): Promise<Stats> {
  return untilFound(`there are ${what}`, async () => {
    const seen = await stats();
    return isSo(seen) ? seen : undefined;
  });
}

/** How the followings of orders that have ended did end. */
function endsOfWatches(): readonly string[] {
  const watched = [...storefront.platform.telemetry.calls.callerSeries].filter(({ method }) =>
    method.endsWith('/WatchOrder'),
  );
  return watched.flatMap((series) => [...series.counts()]).map(({ code }) => code);
}

describe('the storefront', () => {
  it('opens only when each way to a quote has answered once', async () => {
    const response = await fetch(`http://127.0.0.1:${storefront.httpPort}/readyz`);
    expect(response.status).toBe(503);
    expect(provider.catalogue.answer('storefront').usable).toEqual([]);
    house.isIssuerDown = false;
    expect(await storefront.ready).toBe('ready');
    expect(house.posted.length).toBeGreaterThan(0);
    expect(house.direct.length).toBeGreaterThan(0);
  });

  it('sends shoppers both ways, all with one token', async () => {
    const seen = await untilStats('twenty shoppers on each way', ({ ways }) => {
      return ways.direct.calls >= 20 && ways.gateway.calls >= 20;
    });
    expect(seen.total.errors).toBe(0);
    expect(house.tokensGiven).toBe(1);
    expect(house.posted[0]).toMatchObject({
      path: 'POST /v1/quotes',
      authorization: expect.stringMatching(/^Bearer ey/),
      timeout: '30000m',
      body: { currency: expect.any(String), lines: expect.any(Array) },
    });
    expect(house.direct[0]?.lines.length).toBeGreaterThan(0);
  });

  it('reports both ways as calls, the one through the gateway under the name that the gateway has for it', () => {
    const called = [...storefront.platform.telemetry.calls.callerSeries].map((one) => `${one.service} ${one.method}`);
    expect(called).toEqual(
      expect.arrayContaining(['gateway HTTP POST /v1/quotes', 'pricing /rookery.pricing.v1.PricingService/QuotePrice']),
    );
  });

  it('counts how shoppers fare when the gateway or a provider fails, each on its way', async () => {
    house.gatewayStatus = 503;
    house.isProviderDown = true;
    const { ways } = await untilStats('failures on both ways', ({ ways: { gateway, direct } }) => {
      return (gateway.outcomes.unavailable ?? 0) > 0 && (direct.outcomes.internal ?? 0) > 0;
    });
    expect(ways.gateway.outcomes.internal).toBeUndefined();
    expect(ways.direct.outcomes.unavailable).toBeUndefined();
    house.gatewayStatus = 200;
    house.isProviderDown = false;
  });

  it('sells nothing as long as nobody takes orders', async () => {
    const seen = await stats();
    expect(seen.orders).toEqual({
      ...{ placed: 0, open: 0, unknown: 0 },
      ...{ confirmed: 0, soldOut: 0, declined: 0, cancelled: 0, otherwise: 0 },
    });
    expect(sale.available('tea')).toBe(0);
  });

  it('fills the shelves and sells both ways once there are orders and inventory, and sees what becomes of each order', async () => {
    const { catalogue, trust } = provider;
    orders = await startUnderTest(OrdersModule, { ...trust, INSTANCE_ID: 'orders-1' }, catalogue);
    // Only listed: it is reached through the gateway.
    catalogue.put(describedInstance('inventory-1', 1, { service: 'inventory' }));
    const { orders: seen } = await untilStats('orders of all kinds', (now) => {
      const { cancelled, confirmed, declined, soldOut } = now.orders;
      return [cancelled, confirmed, declined, soldOut].every((count) => count > 0);
    });
    expect(seen).toMatchObject({ otherwise: 0, unknown: 0 });
    expect(sale.available('tea')).toBe(1000);
    await until('both ways were taken', () => Object.values(sale.placedBy).every((placed) => placed.length > 0));
  });

  it('watches orders to the end, so that none of its calls counts as given up', async () => {
    await until('one was watched', () => endsOfWatches().length > 0);
    expect(endsOfWatches()).toEqual(['OK']);
  });

  it('tells programs the same in metrics', async () => {
    const metrics = await (await fetch(`http://127.0.0.1:${storefront.httpPort}/metrics`)).text();
    expect(metrics).toMatch(/^rookery_storefront_orders_total\{outcome="confirmed"\} [1-9]/m);
  });

  it('loses no order while the gateway fails for a moment', async () => {
    house.gatewayStatus = 503;
    const before = await stats();
    await untilStats('failures through the gateway', ({ ways }) => {
      return (ways.gateway.outcomes.unavailable ?? 0) > (before.ways.gateway.outcomes.unavailable ?? 0);
    });
    house.gatewayStatus = 200;
    const after = await untilStats('more orders', (now) => now.orders.confirmed > before.orders.confirmed + 10);
    expect(after.orders).toMatchObject({ otherwise: 0, unknown: 0 });
  });

  it('lets the shoppers that are in finish', async () => {
    expect(await storefront.stop()).toMatchObject({ isClean: true, cutCalls: 0 });
    expect(storefront.app.get(Tally).stats().inFlight).toBe(0);
    const { open, placed, ...ends } = storefront.app.get(OrderTally).stats();
    expect(open).toBe(0);
    expect(Object.values(ends).reduce((sum, count) => sum + count, 0)).toBe(placed);
  });
});
