import { DomainError } from '@rookery/runtime';
import { type Reservation, reservationOf } from './reservations.js';
import type { Commit, ExpireReservation, ReceiveStock, Release, Reserve, ReturnStock } from './stock.commands.js';
import type { StockEvent, StockState } from './stock.events.js';

export function receiveStock({ quantity }: ReceiveStock): StockEvent[] {
  return [{ type: 'StockReceived', quantity }];
}

export function reserve(state: StockState, { orderId, quantity, expiresAt }: Reserve): StockEvent[] {
  const known = reservationOf(state.reservations, orderId);
  if (known !== undefined) return reserveAgain(known, quantity);
  if (quantity > state.available) {
    throw new DomainError('OUT_OF_STOCK', `${state.available} are available, ${quantity} were asked for`, {
      metadata: { available: String(state.available), requested: String(quantity) },
    });
  }
  return [{ type: 'StockReserved', orderId, quantity, expiresAt }];
}

/** What was reserved may have been sold meanwhile: the reservation that is asked for was made all the same. */
function reserveAgain({ status, quantity }: Reservation, asked: number): StockEvent[] {
  if (status !== 'reserved' && status !== 'sold') throw ended(status);
  if (quantity === asked) return [];
  throw new DomainError('RESERVATION_DIFFERS', `the order has reserved ${quantity}, not ${asked}`, {
    metadata: { reserved: String(quantity), requested: String(asked) },
  });
}

export function commit(state: StockState, { orderId }: Commit): StockEvent[] {
  const known = reservationOf(state.reservations, orderId);
  if (known === undefined) {
    throw new DomainError('RESERVATION_UNKNOWN', 'the order has reserved nothing', { kind: 'not-found' });
  }
  if (known.status === 'sold') return [];
  if (known.status !== 'reserved') throw ended(known.status);
  return [{ type: 'StockCommitted', orderId, quantity: known.quantity }];
}

export function release(state: StockState, { orderId }: Release): StockEvent[] {
  const known = reservationOf(state.reservations, orderId);
  if (known === undefined) return [{ type: 'ReservationForestalled', orderId }];
  if (known.status === 'sold') {
    throw new DomainError('STOCK_SOLD', 'the units are sold: they can be returned, not released');
  }
  return known.status === 'reserved' ? [{ type: 'ReservationReleased', orderId, quantity: known.quantity }] : [];
}

export function returnStock(state: StockState, { orderId }: ReturnStock): StockEvent[] {
  const known = reservationOf(state.reservations, orderId);
  if (known?.status === 'returned') return [];
  if (known?.status !== 'sold') throw new DomainError('STOCK_NOT_SOLD', 'nothing was sold to the order');
  return [{ type: 'StockReturned', orderId, quantity: known.quantity }];
}

/** A timer may fire twice, or when the reservation has long ended. */
export function expireReservation(state: StockState, { orderId }: ExpireReservation): StockEvent[] {
  const known = reservationOf(state.reservations, orderId);
  return known?.status === 'reserved' ? [{ type: 'ReservationExpired', orderId, quantity: known.quantity }] : [];
}

function ended(status: 'released' | 'expired' | 'returned'): DomainError {
  return new DomainError(ENDED[status], `the order's units were ${status}`);
}

const ENDED = {
  released: 'RESERVATION_RELEASED',
  expired: 'RESERVATION_EXPIRED',
  returned: 'STOCK_RETURNED',
} as const;
