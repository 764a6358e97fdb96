import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';
import { specify } from '@rookery/eventsourcing/testing';
import fc from 'fast-check';
import { stockAggregate } from './stock.aggregate.js';
import type { StockCommand } from './stock.commands.js';
import type { StockEvent, StockState } from './stock.events.js';

const orderId = '01890000-0000-7000-8000-00000000000a';
const expiresAt = 1_766_000_000_000;
const received: StockEvent = { type: 'StockReceived', quantity: 3 };
const reserved: StockEvent = { type: 'StockReserved', orderId, quantity: 2, expiresAt };
const committed: StockEvent = { type: 'StockCommitted', orderId, quantity: 2 };
const released: StockEvent = { type: 'ReservationReleased', orderId, quantity: 2 };
const expired: StockEvent = { type: 'ReservationExpired', orderId, quantity: 2 };
const forestalled: StockEvent = { type: 'ReservationForestalled', orderId };
const returned: StockEvent = { type: 'StockReturned', orderId, quantity: 2 };
const reserve: StockCommand = { type: 'Reserve', orderId, quantity: 2, expiresAt };
const stock = specify(stockAggregate);

describe('receiving', () => {
  it('makes units available', () =>
    void stock
      .given(received)
      .when({ type: 'ReceiveStock', quantity: 4 })
      .then({ type: 'StockReceived', quantity: 4 })
      .andAnswers({ received: 7, available: 7, reserved: 0, sold: 0 }));
});

describe('reserving', () => {
  it('puts units aside', () =>
    void stock.given(received).when(reserve).then(reserved).andAnswers({
      received: 3,
      available: 1,
      reserved: 2,
      sold: 0,
      expiresAt,
    }));

  it('is refused when there are fewer', () => void stock.given().when(reserve).thenRejects('OUT_OF_STOCK'));

  it('again does nothing, and keeps to the first expiry', () =>
    void stock
      .given(received, reserved)
      .when({ ...reserve, expiresAt: expiresAt + 1 })
      .thenNothing()
      .andAnswers({ received: 3, available: 1, reserved: 2, sold: 0, expiresAt }));

  it('again, after the units were sold, does nothing', () =>
    void stock.given(received, reserved, committed).when(reserve).thenNothing());

  it('another quantity is refused', () =>
    void stock
      .given(received, reserved)
      .when({ ...reserve, quantity: 1 })
      .thenRejects('RESERVATION_DIFFERS'));

  it.each([
    ['was released', [reserved, released], 'RESERVATION_RELEASED'],
    ['was released before it came', [forestalled], 'RESERVATION_RELEASED'],
    ['expired', [reserved, expired], 'RESERVATION_EXPIRED'],
    ['was returned', [reserved, committed, returned], 'STOCK_RETURNED'],
  ] as const)(
    'is refused when it %s',
    (_, events, code) =>
      void stock
        .given(received, ...events)
        .when(reserve)
        .thenRejects(code),
  );
});

describe('committing', () => {
  it('sells what is reserved', () =>
    void stock.given(received, reserved).when({ type: 'Commit', orderId }).then(committed).andAnswers({
      received: 3,
      available: 1,
      reserved: 0,
      sold: 2,
    }));

  it('again does nothing', () =>
    void stock.given(received, reserved, committed).when({ type: 'Commit', orderId }).thenNothing());

  it.each([
    ['nothing was reserved', [], 'RESERVATION_UNKNOWN'],
    ['it was released', [reserved, released], 'RESERVATION_RELEASED'],
    ['it has expired', [reserved, expired], 'RESERVATION_EXPIRED'],
    ['the units came back', [reserved, committed, returned], 'STOCK_RETURNED'],
  ] as const)(
    'is refused when %s',
    (_, events, code) =>
      void stock
        .given(received, ...events)
        .when({ type: 'Commit', orderId })
        .thenRejects(code),
  );
});

describe('releasing', () => {
  const release: StockCommand = { type: 'Release', orderId };

  it('makes the units available again', () =>
    void stock.given(received, reserved).when(release).then(released).andAnswers({
      received: 3,
      available: 3,
      reserved: 0,
      sold: 0,
    }));

  it('what is unknown is remembered', () => void stock.given(received).when(release).then(forestalled));

  it.each([
    ['released', [reserved, released]],
    ['forestalled', [forestalled]],
    ['expired', [reserved, expired]],
    ['returned', [reserved, committed, returned]],
  ] as const)(
    'what is %s does nothing',
    (_, events) =>
      void stock
        .given(received, ...events)
        .when(release)
        .thenNothing(),
  );

  it('what is sold is refused', () =>
    void stock.given(received, reserved, committed).when(release).thenRejects('STOCK_SOLD'));
});

describe('returning', () => {
  const returnStock: StockCommand = { type: 'ReturnStock', orderId };

  it('makes sold units available again', () =>
    void stock.given(received, reserved, committed).when(returnStock).then(returned).andAnswers({
      received: 3,
      available: 3,
      reserved: 0,
      sold: 0,
    }));

  it('again does nothing', () =>
    void stock.given(received, reserved, committed, returned).when(returnStock).thenNothing());

  it('what is only reserved is refused', () =>
    void stock.given(received, reserved).when(returnStock).thenRejects('STOCK_NOT_SOLD'));
});

describe('expiring', () => {
  const expire: StockCommand = { type: 'ExpireReservation', orderId };

  it('makes reserved units available again', () => void stock.given(received, reserved).when(expire).then(expired));

  it('twice, or when all has ended, does nothing', () => {
    stock.given(received, reserved, expired).when(expire).thenNothing();
    stock.given(received, reserved, committed).when(expire).thenNothing();
    stock.given(received).when(expire).thenNothing();
  });
});

describe('whatever is asked, in whatever order', () => {
  const ids = [1, 2, 3].map((digit) => `01890000-0000-7000-8000-00000000000${digit}`);
  const ofOrder = { orderId: fc.constantFrom(...ids) };
  const quantity = fc.integer({ min: 1, max: 4 });
  const command: fc.Arbitrary<StockCommand> = fc.oneof(
    fc.record({ type: fc.constant('ReceiveStock' as const), quantity }),
    fc.record({ type: fc.constant('Reserve' as const), ...ofOrder, quantity, expiresAt: fc.nat() }),
    fc.record({
      type: fc.constantFrom('Commit', 'Release', 'ReturnStock', 'ExpireReservation'),
      ...ofOrder,
    }),
  );
  const run = (commands: readonly StockCommand[], look: (state: StockState, command: StockCommand) => void): void => {
    commands.reduce((state, one) => {
      const next = after(state, one);
      look(next, one);
      return next;
    }, stockAggregate.initialState());
  };

  it('no unit is lost, made up or owed', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) =>
        run(commands, (state) => {
          expect(state.available + state.reserved + state.sold).toBe(state.received);
          expect(Math.min(state.available, state.reserved, state.sold)).toBeGreaterThanOrEqual(0);
        }),
      ),
    );
  });

  it('asking again changes nothing, but for what is received', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) =>
        run(commands, (state, one) => {
          if (one.type !== 'ReceiveStock') expect(after(state, one)).toEqual(state);
        }),
      ),
    );
  });

  it('the state is the same after JSON', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) =>
        run(commands, (state) => expect(JSON.parse(JSON.stringify(state))).toEqual(state)),
      ),
    );
  });

  /** The state after a command, refused or not. */
  function after(state: StockState, one: StockCommand): StockState {
    try {
      return stockAggregate.decide(state, one).reduce(stockAggregate.evolve, state);
    } catch (error) {
      if (error instanceof DomainError) return state;
      throw error;
    }
  }
});
