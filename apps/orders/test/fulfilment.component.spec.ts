import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { orders, payments } from '@rookery/contracts/messages';
import { LedTasks } from '@rookery/cqrs';
import { until } from '@rookery/testkit';
import { neighbours } from './neighbours.js';
import { OrdersHouse } from './orders-house.js';
import { storedEvents, storedMetadata } from './stored-events.js';

const { OrderStatus, CancelReason } = orders;
const { PaymentStatus } = payments;
const total = { currency: 'EUR', minorUnits: 450 };
const TASK = 'process fulfilment';

let house: OrdersHouse;
let skus = 0;

beforeAll(async () => {
  house = await OrdersHouse.open(['a', 'b']);
});

afterAll(() => house.close());
afterEach(() => neighbours.bringUp());

/** A SKU of which there are so many. */
function stocked(quantity: number): string {
  const sku = `sku-${++skus}`;
  neighbours.available.set(sku, quantity);
  return sku;
}

const cancelled = (reason: orders.CancelReason) => ({
  status: OrderStatus.ORDER_STATUS_CANCELLED,
  cancelReason: reason,
});

function leader(): string {
  const found = [...house.instances].find(([, { service }]) => service.app.get(LedTasks).isLeader(TASK));
  if (found === undefined) throw new Error('nobody leads');
  return found[0];
}

describe('the fulfilment of an order', () => {
  it('has it paid and sold, and confirms it', async () => {
    const sku = stocked(3);
    const orderId = await house.place(sku);
    expect(await house.ended(orderId)).toMatchObject({ status: OrderStatus.ORDER_STATUS_CONFIRMED, total });
    expect({ available: neighbours.available.get(sku), sold: neighbours.sold.get(sku) }).toEqual({
      ...{ available: 2, sold: 1 },
    });
    expect(neighbours.paid.get(orderId)).toBe(PaymentStatus.PAYMENT_STATUS_CAPTURED);
    const happened = ['OrderPlaced', 'OrderSealed', 'OrderConfirmed'];
    expect(await storedEvents(house.database.url, `order-${orderId}`)).toEqual(happened);
  });

  it('belongs with all its steps to the request that placed it', async () => {
    const orderId = await house.place(stocked(1));
    await house.ended(orderId);
    const streams = [`order-${orderId}`, `fulfilment-${orderId}`];
    const all = (await Promise.all(streams.map((stream) => storedMetadata(house.database.url, stream)))).flat();
    const [placed] = all;
    expect(placed?.correlationId).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(all.map(({ correlationId }) => correlationId))).toEqual(new Set([placed?.correlationId]));
    expect(neighbours.traceIds.get(orderId)).toEqual(new Set([placed?.correlationId]));
    expect(all.length).toBeGreaterThan(8);
  });

  it('cancels it when a SKU is out of stock, and gives back what it had reserved', async () => {
    const [enough, none] = [stocked(1), stocked(0)];
    const lines = [enough, none].map((sku) => ({ sku, quantity: 1 }));
    const orderId = await house.place(enough, { lines });
    expect(await house.ended(orderId)).toMatchObject(cancelled(CancelReason.CANCEL_REASON_OUT_OF_STOCK));
    expect(neighbours.available.get(enough)).toBe(1);
    expect(neighbours.asked('authorise', orderId)).toEqual([]);
  });

  it('cancels it when nobody knows a price', async () => {
    const orderId = await house.place('unicorn');
    expect(await house.ended(orderId)).toMatchObject(cancelled(CancelReason.CANCEL_REASON_NO_PRICE));
  });

  it('cancels it when the card is declined, and releases the stock', async () => {
    const sku = stocked(1);
    const orderId = await house.place(sku, { card: 'tok_declined' });
    expect(await house.ended(orderId)).toMatchObject(cancelled(CancelReason.CANCEL_REASON_PAYMENT_DECLINED));
    expect(neighbours.available.get(sku)).toBe(1);
  });

  it('takes back what was sold when the money is refused in the end', async () => {
    const sku = stocked(1);
    const orderId = await house.place(sku, { card: 'tok_capture_declined' });
    expect(await house.ended(orderId)).toMatchObject(cancelled(CancelReason.CANCEL_REASON_PAYMENT_DECLINED));
    expect({ available: neighbours.available.get(sku), sold: neighbours.sold.get(sku) }).toEqual({
      ...{ available: 1, sold: 0 },
    });
    expect(neighbours.paid.get(orderId)).toBe(PaymentStatus.PAYMENT_STATUS_VOIDED);
    const happened = ['OrderPlaced', 'OrderSealed', 'OrderCancelled'];
    expect(await storedEvents(house.database.url, `order-${orderId}`)).toEqual(happened);
  });

  it('ends when the customer cancels in time, and undoes what is under way', async () => {
    const sku = stocked(1);
    const goOn = neighbours.hold('authorise');
    const orderId = await house.place(sku);
    await house.untilAsked('authorise', orderId);
    await house.orders.cancelOrder({ orderId }, house.by('ada'));
    goOn();
    await house.untilAsked('void', orderId);
    await until('the stock is back', () => neighbours.available.get(sku) === 1);
    expect(neighbours.paid.get(orderId)).toBe(PaymentStatus.PAYMENT_STATUS_VOIDED);
    expect(await house.order(orderId)).toMatchObject(cancelled(CancelReason.CANCEL_REASON_CUSTOMER));
    const happened = ['OrderPlaced', 'OrderCancelled'];
    expect(await storedEvents(house.database.url, `order-${orderId}`)).toEqual(happened);
  });

  it('goes on when the customer cancels too late', async () => {
    const goOn = neighbours.hold('commit');
    const orderId = await house.place(stocked(1));
    await house.untilAsked('commit', orderId);
    const late = house.orders.cancelOrder({ orderId }, house.by('ada'));
    await expect(late).rejects.toMatchObject({ code: 'ORDER_SEALED', kind: 'failed-precondition' });
    goOn();
    expect(await house.ended(orderId)).toMatchObject({ status: OrderStatus.ORDER_STATUS_CONFIRMED });
  });

  it('waits for a neighbour that is down, says so, and asks it again by the same command', async () => {
    neighbours.takeDown('reserve', 'capture');
    const orderId = await house.place(stocked(1));
    await house.untilAsked('reserve', orderId, 2);
    expect(await house.order(orderId)).toMatchObject({ status: OrderStatus.ORDER_STATUS_PLACED });
    const said = new RegExp(`${orderId} at reserve:.*: out of order`);
    await until('that is said', () => house.logged().some((text) => said.test(String(text))));
    neighbours.bringUp();
    expect(await house.ended(orderId)).toMatchObject({ status: OrderStatus.ORDER_STATUS_CONFIRMED });
    expect(new Set(neighbours.asked('reserve', orderId)).size).toBe(1);
  });

  it('is taken over where it is when its instance stops, by the same commands', async () => {
    const sku = stocked(2);
    const goOn = neighbours.hold('authorise');
    const orderId = await house.place(sku);
    await house.untilAsked('authorise', orderId);
    const first = leader();
    await house.stop(first);
    await house.untilAsked('authorise', orderId, 2);
    expect(leader()).not.toBe(first);
    goOn();
    expect(await house.ended(orderId)).toMatchObject({ status: OrderStatus.ORDER_STATUS_CONFIRMED });
    expect(new Set(neighbours.asked('authorise', orderId)).size).toBe(1);
    expect(neighbours.asked('reserve', orderId)).toHaveLength(1);
    expect(neighbours.available.get(sku)).toBe(1);
    await house.start(first);
  });
});

describe('the patience of fulfilment', () => {
  const PATIENCE_MS = 400;
  let hurried: OrdersHouse;

  /** A step that is done late is done all the same: patience ends with the first answer behind it that is none. */
  beforeAll(async () => {
    hurried = await OrdersHouse.open(['c'], { FULFILMENT_PATIENCE_MS: `${PATIENCE_MS}` });
  });

  afterAll(() => hurried.close());

  it('ends before the order is sealed, and the order is cancelled for that', async () => {
    neighbours.takeDown('authorise');
    const sku = stocked(1);
    const orderId = await hurried.place(sku);
    await hurried.untilAsked('void', orderId);
    expect(await hurried.ended(orderId)).toMatchObject(cancelled(CancelReason.CANCEL_REASON_TIMED_OUT));
    expect(neighbours.available.get(sku)).toBe(1);
  });

  it('has no end behind the seal', async () => {
    neighbours.takeDown('capture');
    const orderId = await hurried.place(stocked(1));
    await hurried.untilAsked('capture', orderId);
    const { placedAt } = (await hurried.order(orderId)) ?? {};
    await until('patience has ended', () => Date.now() > Number(placedAt) + PATIENCE_MS);
    // One may have been on its way before.
    await hurried.untilAsked('capture', orderId, neighbours.asked('capture', orderId).length + 2);
    expect(await hurried.order(orderId)).toMatchObject({ status: OrderStatus.ORDER_STATUS_SEALED });
    neighbours.bringUp();
    expect(await hurried.ended(orderId)).toMatchObject({ status: OrderStatus.ORDER_STATUS_CONFIRMED });
  });
});

describe('the patience of fulfilment with a neighbour that takes calls and never answers', () => {
  let hurried: OrdersHouse;

  beforeAll(async () => {
    hurried = await OrdersHouse.open(['d'], { FULFILMENT_PATIENCE_MS: '3000', STEP_TIMEOUT_MS: '1000' });
  });

  afterAll(() => hurried.close());

  it('ends too, and what may have been done is undone, by one command', async () => {
    const goOn = neighbours.hold('reserve');
    const orderId = await hurried.place(stocked(1));
    expect(await hurried.ended(orderId)).toMatchObject(cancelled(CancelReason.CANCEL_REASON_TIMED_OUT));
    expect(new Set(neighbours.asked('release', orderId)).size).toBe(1);
    goOn();
  });
});
