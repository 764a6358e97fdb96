import type { Aggregate } from '@rookery/eventsourcing';
import {
  noReservations,
  type Reservation,
  reservationOf,
  type ReservationStatus,
  withReservation,
} from './reservations.js';
import type { StockCommand } from './stock.commands.js';
import { commit, expireReservation, receiveStock, release, reserve, returnStock } from './stock.decisions.js';
import type { StockEvent, StockState } from './stock.events.js';

/** What a command is answered with. */
export interface StockAnswer {
  readonly received: number;
  readonly available: number;
  readonly reserved: number;
  readonly sold: number;
  /** Of a reservation that is open, in ms since the epoch. */
  readonly expiresAt?: number;
}

/** The rules of one SKU. */
export const stockAggregate: Aggregate<StockState, StockCommand, StockEvent, StockAnswer> = {
  name: 'stock',
  initialState: () => ({ received: 0, available: 0, reserved: 0, sold: 0, reservations: noReservations }),
  decide(state, command) {
    switch (command.type) {
      case 'ReceiveStock':
        return receiveStock(command);
      case 'Reserve':
        return reserve(state, command);
      case 'Commit':
        return commit(state, command);
      case 'Release':
        return release(state, command);
      case 'ReturnStock':
        return returnStock(state, command);
      case 'ExpireReservation':
        return expireReservation(state, command);
    }
  },
  evolve,
  answer(state, command) {
    const known = command.type === 'Reserve' ? reservationOf(state.reservations, command.orderId) : undefined;
    return known?.expiresAt === undefined ? unitsOf(state) : { ...unitsOf(state), expiresAt: known.expiresAt };
  },
  snapshots: { schema: 2, every: 500 },
};

/** How many units there are; what a query shows. */
export function unitsOf({ received, available, reserved, sold }: StockState): StockAnswer {
  return { received, available, reserved, sold };
}

function evolve(state: StockState, event: StockEvent): StockState {
  switch (event.type) {
    case 'StockReceived':
      return { ...state, received: state.received + event.quantity, available: state.available + event.quantity };
    case 'StockReserved':
      return withOrder(moved(state, event.quantity, 'available', 'reserved'), event, 'reserved');
    case 'StockCommitted':
      return withOrder(moved(state, event.quantity, 'reserved', 'sold'), event, 'sold');
    case 'ReservationReleased':
      return withOrder(moved(state, event.quantity, 'reserved', 'available'), event, 'released');
    case 'ReservationForestalled':
      return withOrder(state, { orderId: event.orderId, quantity: 0 }, 'released');
    case 'ReservationExpired':
      return withOrder(moved(state, event.quantity, 'reserved', 'available'), event, 'expired');
    case 'StockReturned':
      return withOrder(moved(state, event.quantity, 'sold', 'available'), event, 'returned');
  }
}

type Count = 'available' | 'reserved' | 'sold';

function moved(state: StockState, quantity: number, from: Count, to: Count): StockState {
  return { ...state, [from]: state[from] - quantity, [to]: state[to] + quantity };
}

type OfOrder = Omit<Reservation, 'status'> & { readonly orderId: string };

function withOrder(
  state: StockState,
  { orderId, quantity, expiresAt }: OfOrder,
  status: ReservationStatus,
): StockState {
  const reservation = { status, quantity, ...(expiresAt === undefined ? {} : { expiresAt }) };
  return { ...state, reservations: withReservation(state.reservations, orderId, reservation) };
}
