import type { Reservations } from './reservations.js';

/** What can have happened to one SKU. */
export type StockEvent =
  | StockReceived
  | StockReserved
  | StockCommitted
  | ReservationReleased
  | ReservationForestalled
  | ReservationExpired
  | StockReturned;

interface StockReceived {
  readonly type: 'StockReceived';
  readonly quantity: number;
}

interface StockReserved extends OfOrder {
  readonly type: 'StockReserved';
  /** In ms since the epoch. */
  readonly expiresAt: number;
}

interface StockCommitted extends OfOrder {
  readonly type: 'StockCommitted';
}

interface ReservationReleased extends OfOrder {
  readonly type: 'ReservationReleased';
}

/** Released before it was made: the tombstone that refuses the reservation when it arrives. */
interface ReservationForestalled {
  readonly type: 'ReservationForestalled';
  readonly orderId: string;
}

interface ReservationExpired extends OfOrder {
  readonly type: 'ReservationExpired';
}

interface StockReturned extends OfOrder {
  readonly type: 'StockReturned';
}

/** An event says how many units it moves, so that whoever reads it needs no others. */
interface OfOrder {
  readonly orderId: string;
  readonly quantity: number;
}

/** The units of one SKU: `available + reserved + sold = received`, and none is negative. */
export interface StockState {
  readonly received: number;
  readonly available: number;
  readonly reserved: number;
  readonly sold: number;
  readonly reservations: Reservations;
}
