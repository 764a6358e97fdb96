/** What can be asked of one SKU. All but `ReceiveStock` may be repeated. */
export type StockCommand = ReceiveStock | Reserve | Commit | Release | ReturnStock | ExpireReservation;

export interface ReceiveStock {
  readonly type: 'ReceiveStock';
  readonly quantity: number;
}

export interface Reserve {
  readonly type: 'Reserve';
  readonly orderId: string;
  readonly quantity: number;
  /** When the reservation shall expire, in ms since the epoch. A repeat keeps to the first one's. */
  readonly expiresAt: number;
}

export interface Commit {
  readonly type: 'Commit';
  readonly orderId: string;
}

export interface Release {
  readonly type: 'Release';
  readonly orderId: string;
}

export interface ReturnStock {
  readonly type: 'ReturnStock';
  readonly orderId: string;
}

/** From the timer of a reservation. The timer alone ends one: until it fires, a late commit is in time. */
export interface ExpireReservation {
  readonly type: 'ExpireReservation';
  readonly orderId: string;
}
