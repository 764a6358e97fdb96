import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orders } from '@rookery/contracts/messages';
import { OrderQueryServiceClient } from '@rookery/contracts/nest';
import { until } from '@rookery/testkit';
import { neighbours } from './neighbours.js';
import { OrdersHouse } from './orders-house.js';

const { OrderStatus, CancelReason } = orders;

let house: OrdersHouse;

beforeAll(async () => {
  house = await OrdersHouse.open(['a', 'b']);
  neighbours.available.set('tea', 1000);
});

afterAll(() => house.close());

/** Reads a list to its end; `between` happens behind each page. */
async function listed(customer: string, pageSize: number, between?: () => Promise<unknown>): Promise<orders.Order[][]> {
  const pages: orders.Order[][] = [];
  for (let pageToken = '', isFirst = true; isFirst || pageToken !== ''; isFirst = false) {
    const page = await house.queries.listOrders({ pageSize, pageToken }, house.by(customer));
    pages.push(page.orders);
    pageToken = page.nextPageToken;
    await between?.();
  }
  return pages;
}

const idsOf = (pages: readonly orders.Order[][]): string[] => pages.flat().map(({ orderId }) => orderId);

async function untilListed(customer: string, orderId: string): Promise<void> {
  await until('the order is listed', async () => idsOf(await listed(customer, 100)).includes(orderId));
}

describe('the list of orders', () => {
  it("shows a customer's own orders, the latest first, as they have become", async () => {
    const confirmed = await house.ended(await house.place('tea', {}, 'bob'), 'bob');
    const refused = await house.ended(await house.place('unicorn', {}, 'bob'), 'bob');
    expect(refused?.cancelReason).toBe(CancelReason.CANCEL_REASON_NO_PRICE);
    let pages: orders.Order[][] = [];
    await until('the list shows both', async () => {
      pages = await listed('bob', 0);
      return pages[0]?.[0]?.status === OrderStatus.ORDER_STATUS_CANCELLED;
    });
    expect(pages).toEqual([[refused, confirmed]]);
    expect(await listed('eve', 0)).toEqual([[]]);
  });

  it('goes through by pages, each order once, whatever is placed meanwhile', async () => {
    const placed: string[] = [];
    for (let nth = 0; nth < 7; nth++) placed.unshift(await house.place('tea', {}, 'eve'));
    await untilListed('eve', placed[0] ?? '');
    const pages = await listed('eve', 3, async () => untilListed('eve', await house.place('tea', {}, 'eve')));
    expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
    expect(idsOf(pages)).toEqual(placed);
  });

  it('tells by its tokens nothing of how much others buy', async () => {
    const orderId = await house.place('tea', {}, 'bob');
    await untilListed('bob', orderId);
    const { nextPageToken } = await house.queries.listOrders({ pageSize: 1, pageToken: '' }, house.by('bob'));
    expect(nextPageToken).toBe(orderId);
  });

  it('goes on by no token but its own', async () => {
    for (let nth = 0; nth < 2; nth++) await untilListed('ada', await house.place('tea'));
    const { nextPageToken } = await house.queries.listOrders({ pageSize: 1, pageToken: '' }, house.by('ada'));
    expect(nextPageToken).not.toBe('');
    const wrong = ['x', '17', `${nextPageToken}A`, nextPageToken.slice(1), nextPageToken.toUpperCase(), randomUUID()];
    for (const [pageToken, who] of [
      ...wrong.map((token) => [token, 'ada'] as const),
      [nextPageToken, 'eve'] as const,
    ]) {
      const refused = house.queries.listOrders({ pageSize: 1, pageToken }, house.by(who));
      await expect(refused).rejects.toMatchObject({ kind: 'invalid-argument', violations: [{ field: 'pageToken' }] });
    }
  });
});

describe('a watch of an order', () => {
  /** Takes all that comes; gives the statuses so far. */
  function watch(orderId: string, queries = house.queries, signal?: AbortSignal) {
    const statuses: orders.OrderStatus[] = [];
    const options = { ...house.by('ada'), timeoutMs: 90_000, ...(signal === undefined ? {} : { signal }) };
    const end = (async () => {
      for await (const { order } of queries.watchOrder({ orderId }, options)) {
        if (order !== undefined) statuses.push(order.status);
      }
    })();
    end.catch(() => undefined);
    return { statuses, end };
  }

  const { ORDER_STATUS_PLACED, ORDER_STATUS_SEALED, ORDER_STATUS_CONFIRMED, ORDER_STATUS_CANCELLED } = OrderStatus;
  const wholeLife = [ORDER_STATUS_PLACED, ORDER_STATUS_SEALED, ORDER_STATUS_CONFIRMED];

  it('shows each change once, at every instance, and ends with the order', async () => {
    const goOn = neighbours.hold('quote');
    const orderId = await house.place('tea');
    const clients = [...house.instances.values()].map((instance) => instance.client(OrderQueryServiceClient));
    const watches = Array.from({ length: 20 }, (_, nth) => watch(orderId, clients[nth % clients.length]));
    await until('all have begun', () => watches.every(({ statuses }) => statuses.length === 1));
    goOn();
    await Promise.all(watches.map(({ end }) => end));
    for (const { statuses } of watches) expect(statuses).toEqual(wholeLife);
  });

  it('of an order that has ended shows how, and ends', async () => {
    const orderId = await house.place('unicorn');
    await house.ended(orderId);
    const { end, statuses } = watch(orderId);
    await end;
    expect(statuses).toEqual([ORDER_STATUS_CANCELLED]);
  });

  it('shows nothing to others, and not that there is an order', async () => {
    const orderId = await house.place('tea');
    for (const id of [orderId, randomUUID()]) {
      const seen = house.queries.watchOrder({ orderId: id }, house.by('eve'))[Symbol.asyncIterator]().next();
      await expect(seen).rejects.toMatchObject({ code: 'ORDER_NOT_FOUND', kind: 'not-found' });
    }
  });

  it('ends when its client goes', async () => {
    const goOn = neighbours.hold('authorise');
    const orderId = await house.place('tea');
    const leaving = new AbortController();
    const { end, statuses } = watch(orderId, house.queries, leaving.signal);
    await until('it has begun', () => statuses.length === 1);
    leaving.abort();
    await expect(end).rejects.toMatchObject({ kind: 'cancelled' });
    await until('nobody works for it', () => inFlight() === 0);
    goOn();
    expect(await house.ended(orderId)).toMatchObject({ status: ORDER_STATUS_CONFIRMED });
  });

  it('ends when its instance stops, which waits for nobody, and goes on at another', async () => {
    await house.stop('b');
    const goOn = neighbours.hold('authorise');
    const orderId = await house.place('tea');
    const watches = Array.from({ length: 5 }, () => watch(orderId));
    await until('all have begun', () => watches.every(({ statuses }) => statuses.length === 1));
    await house.start('c');
    const outcome = await house.instances.get('a')?.service.stop();
    expect(outcome).toMatchObject({ isClean: true, cutCalls: 0 });
    for (const { end } of watches)
      await expect(end).rejects.toMatchObject({ code: 'WATCH_ENDED', kind: 'unavailable' });
    const { end, statuses } = watch(orderId);
    await until('it has begun', () => statuses.length === 1);
    goOn();
    await end;
    expect(statuses).toEqual(wholeLife);
  });

  function inFlight(): number {
    return [...house.instances.values()].reduce(
      (sum, { service }) => sum + service.platform.rpcServer.dispatcher.inFlight,
      0,
    );
  }
});
