import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { noReservations, type Reservation, reservationOf, type Reservations, withReservation } from './reservations.js';

const reservation: fc.Arbitrary<Reservation> = fc.oneof(
  fc.record({
    status: fc.constantFrom('sold', 'released', 'expired', 'returned'),
    quantity: fc.nat({ max: 1000 }),
  }),
  fc.record({
    status: fc.constant('reserved' as const),
    quantity: fc.nat({ max: 1000 }),
    expiresAt: fc.nat({ max: 2 ** 45 }),
  }),
);

/** Few orders, of which some share a bucket. */
const orderId = fc.constantFrom(
  '01890000-0000-7000-8000-0000000000aa',
  '01890000-0000-7000-8000-0000000010aa',
  '01890000-0000-7000-8000-0000000020aa',
  '01890000-0000-7000-8000-00000000000f',
);

const thousands = (count: number): Reservations => {
  let reservations = noReservations;
  for (let order = 0; order < count; order++) {
    const id = `01890000-0000-7000-8000-${order.toString(16).padStart(12, '0')}`;
    reservations = withReservation(reservations, id, { status: 'sold', quantity: 1 });
  }
  return reservations;
};

describe('reservations', () => {
  it('hold what was put in last, as a map would', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(orderId, reservation)), orderId, (entries, asked) => {
        const reservations = entries.reduce((all, [id, one]) => withReservation(all, id, one), noReservations);
        expect(reservationOf(reservations, asked)).toEqual(new Map(entries).get(asked));
      }),
    );
  });

  it('leave what they were made from as it was', () => {
    const before = thousands(3);
    const kept = structuredClone(before);
    withReservation(before, '01890000-0000-7000-8000-000000000001', { status: 'returned', quantity: 1 });
    expect(before).toEqual(kept);
  });

  it('take forty bytes or so for an order that has ended, and are found again after JSON', () => {
    const text = JSON.stringify(thousands(20_000));
    expect(text.length / 20_000).toBeLessThan(42);
    const again = JSON.parse(text) as Reservations;
    expect(reservationOf(again, '01890000-0000-7000-8000-000000004e1f')).toEqual({ status: 'sold', quantity: 1 });
    expect(reservationOf(again, '01890000-0000-7000-8000-000000004e20')).toBeUndefined();
  });
});
