import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';
import { specify } from '@rookery/eventsourcing/testing';
import fc from 'fast-check';
import { orderAggregate } from './order.aggregate.js';
import type { OrderCommand } from './order.commands.js';
import { ownOrder, requireDistinctSkus } from './order.decisions.js';
import type { OrderEvent, OrderState } from './order.events.js';

const orderId = '01890000-0000-7000-8000-00000000000a';
const facts = {
  orderId,
  customer: 'ada',
  lines: [{ sku: 'tea', quantity: 2 }],
  currency: 'EUR',
  card: 'tok_ok',
  at: 1_766_000_000_000,
};
const total = { currency: 'EUR', minorUnits: 900 };
const place: OrderCommand = { type: 'PlaceOrder', ...facts };
const cancel: OrderCommand = { type: 'CancelOrder', customer: 'ada' };
const seal: OrderCommand = { type: 'SealOrder', total };
const confirm: OrderCommand = { type: 'ConfirmOrder' };
const abandon: OrderCommand = { type: 'AbandonOrder', reason: 'out-of-stock' };

const placed: OrderEvent = { type: 'OrderPlaced', ...facts };
const sealed: OrderEvent = { type: 'OrderSealed', total };
const confirmed: OrderEvent = { type: 'OrderConfirmed', total };
const cancelled: OrderEvent = { type: 'OrderCancelled', reason: 'customer' };
const abandoned: OrderEvent = { type: 'OrderCancelled', reason: 'out-of-stock' };
const order = specify(orderAggregate);
const shown = { orderId, lines: facts.lines, currency: 'EUR', placedAt: facts.at };

describe('placing', () => {
  it('takes the order, and answers without the card', () =>
    order
      .given()
      .when(place)
      .then(placed)
      .andAnswers({ ...shown, status: 'placed' }));

  it('again, at another time, answers with what it has become', () =>
    order
      .given(placed, sealed)
      .when({ ...place, at: facts.at + 1 })
      .thenNothing()
      .andAnswers({ ...shown, status: 'sealed', total }));

  it.each([
    ['another customer', { customer: 'bob' }],
    ['another card', { card: 'tok_slow' }],
    ['another currency', { currency: 'USD' }],
    ['another quantity', { lines: [{ sku: 'tea', quantity: 3 }] }],
    ['more lines', { lines: [...facts.lines, { sku: 'mug', quantity: 1 }] }],
  ])('under a taken id with %s is refused', (_, difference) =>
    order
      .given(placed)
      .when({ ...place, ...difference })
      .thenRejects('ORDER_ID_TAKEN'),
  );

  it('names the line that repeats a SKU', () => {
    const lines = [...facts.lines, { sku: 'mug', quantity: 1 }, { sku: 'tea', quantity: 1 }];
    const refusal = refusalOf(() => requireDistinctSkus(lines));
    expect(refusal).toMatchObject({ code: 'SKU_REPEATED', kind: 'invalid-argument' });
    expect(refusal?.violations.map(({ field }) => field)).toEqual(['lines[2].sku']);
  });
});

describe('cancelling', () => {
  it('ends an order that is not sealed', () =>
    order
      .given(placed)
      .when(cancel)
      .then(cancelled)
      .andAnswers({ ...shown, status: 'cancelled', reason: 'customer' }));

  it('again, or after it was abandoned, does nothing', () => {
    order.given(placed, cancelled).when(cancel).thenNothing();
    order.given(placed, abandoned).when(cancel).thenNothing();
  });

  it('is refused from the seal on', () => {
    order.given(placed, sealed).when(cancel).thenRejects('ORDER_SEALED');
    order.given(placed, sealed, confirmed).when(cancel).thenRejects('ORDER_SEALED');
  });

  it("of another's order finds none", () => {
    order
      .given(placed)
      .when({ ...cancel, customer: 'bob' })
      .thenRejects('ORDER_NOT_FOUND');
    order.given().when(cancel).thenRejects('ORDER_NOT_FOUND');
  });
});

describe('fulfilling', () => {
  it('seals, then confirms', () => {
    order.given(placed).when(seal).then(sealed);
    order
      .given(placed, sealed)
      .when(confirm)
      .then(confirmed)
      .andAnswers({ ...shown, status: 'confirmed', total });
  });

  it('again does nothing', () => {
    order.given(placed, sealed).when(seal).thenNothing();
    order.given(placed, sealed, confirmed).when(seal).thenNothing();
    order.given(placed, sealed, confirmed).when(confirm).thenNothing();
    order.given(placed, abandoned).when(abandon).thenNothing();
    order.given(placed, cancelled).when(abandon).thenNothing();
  });

  it('is refused when the customer was first', () => {
    order.given(placed, cancelled).when(seal).thenRejects('ORDER_CANCELLED');
    order.given(placed, cancelled).when(confirm).thenRejects('ORDER_CANCELLED');
  });

  it('gives up before the end alone', () => {
    order.given(placed).when(abandon).then(abandoned);
    order.given(placed, sealed).when(abandon).then(abandoned);
    order.given(placed, sealed, confirmed).when(abandon).thenRejects('ORDER_CONFIRMED');
  });

  it('needs an order, and a seal before the end', () => {
    order.given().when(seal).thenRejects('ORDER_NOT_FOUND');
    order.given().when(abandon).thenRejects('ORDER_NOT_FOUND');
    order.given(placed).when(confirm).thenRejects('ORDER_NOT_SEALED');
  });
});

describe('looking', () => {
  it("finds one's own order and no other", () => {
    const state = orderAggregate.evolve({ status: 'none' }, placed);
    expect(ownOrder(state, 'ada')).toBe(state);
    expect(refusalOf(() => ownOrder(state, 'bob'))).toEqual(refusalOf(() => ownOrder({ status: 'none' }, 'bob')));
  });
});

describe('whatever is asked, in whatever order', () => {
  const command = fc.constantFrom<OrderCommand>(place, cancel, seal, confirm, abandon, { ...place, customer: 'bob' });
  const commands = fc.array(command, { maxLength: 20 });

  it('an order ends once', () => {
    fc.assert(
      fc.property(commands, (all) => {
        const types: string[] = [];
        all.reduce((state, one) => {
          types.push(...eventsOf(state, one).map(({ type }) => type));
          return after(state, one);
        }, orderAggregate.initialState());
        const ends = types.filter((type) => type === 'OrderConfirmed' || type === 'OrderCancelled');
        expect(ends.length).toBeLessThanOrEqual(1);
        if (ends.length === 1) expect(types.at(-1)).toBe(ends[0]);
      }),
    );
  });

  it('asking again changes nothing', () => {
    fc.assert(
      fc.property(commands, command, (before, one) => {
        const once = [...before, one].reduce(after, orderAggregate.initialState());
        expect(after(once, one)).toEqual(once);
      }),
    );
  });

  function after(state: OrderState, one: OrderCommand): OrderState {
    return eventsOf(state, one).reduce(orderAggregate.evolve, state);
  }

  /** None also when it is refused. */
  function eventsOf(state: OrderState, one: OrderCommand): readonly OrderEvent[] {
    let events: readonly OrderEvent[] = [];
    refusalOf(() => (events = orderAggregate.decide(state, one)));
    return events;
  }
});

function refusalOf(ask: () => unknown): DomainError | undefined {
  try {
    ask();
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}
