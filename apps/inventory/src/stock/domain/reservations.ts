/** What has become of an order's units of one SKU. An order reserves once; each end is for good. */
export interface Reservation {
  readonly status: ReservationStatus;
  /** 0 of one that was released before it was made. */
  readonly quantity: number;
  /** In ms since the epoch. Of one that is open: status `reserved`. */
  readonly expiresAt?: number;
}

export type ReservationStatus = 'reserved' | 'sold' | 'released' | 'expired' | 'returned';

/**
 * The reservations of a SKU, by order, for as long as the SKU is there: without the ended ones a late repeat would be taken
 * for a new reservation. A popular SKU has tens of thousands, and each event makes a new state out of the last. So they are
 * text in buckets, and the buckets stand on shelves: an event copies one shelf, the list of shelves and one short text, and a
 * snapshot is read as fast as text is.
 */
export type Reservations = readonly (readonly string[])[];

/** Shelves, and buckets on each. At 50,000 orders a bucket has a dozen of them. */
const WIDTH = 64;

export const noReservations: Reservations = Array<readonly string[]>(WIDTH).fill(Array<string>(WIDTH).fill(''));

export function reservationOf(reservations: Reservations, orderId: string): Reservation | undefined {
  const { at, shelf } = spotOf(orderId);
  const bucket = reservations[shelf]?.[at] ?? '';
  const found = placeOf(bucket, orderId);
  return found === undefined ? undefined : read(bucket.slice(found.from, found.to));
}

export function withReservation(reservations: Reservations, orderId: string, reservation: Reservation): Reservations {
  const { at, shelf } = spotOf(orderId);
  const buckets = reservations[shelf] ?? [];
  const bucket = buckets[at] ?? '';
  const found = placeOf(bucket, orderId);
  const text = write(reservation);
  const next =
    found === undefined
      ? `${bucket};${orderId}=${text}`
      : `${bucket.slice(0, found.from)}${text}${bucket.slice(found.to)}`;
  return reservations.with(shelf, buckets.with(at, next));
}

/** By the last three digits: those of a UUID are random, also where its first ones are the time. */
function spotOf(orderId: string): { readonly shelf: number; readonly at: number } {
  const hash = Number.parseInt(orderId.slice(-3), 16);
  return { shelf: (hash / WIDTH) & (WIDTH - 1), at: hash & (WIDTH - 1) };
}

/** Where in a bucket the text of an order's reservation stands. */
function placeOf(bucket: string, orderId: string): { readonly from: number; readonly to: number } | undefined {
  const start = bucket.indexOf(`;${orderId}=`);
  if (start < 0) return undefined;
  const from = start + orderId.length + 2;
  const end = bucket.indexOf(';', from);
  return { from, to: end < 0 ? bucket.length : end };
}

const LETTERS: Readonly<Record<ReservationStatus, string>> = {
  reserved: 'o',
  sold: 's',
  released: 'r',
  expired: 'e',
  returned: 'b',
};

const STATUSES = new Map(Object.entries(LETTERS).map(([status, letter]) => [letter, status as ReservationStatus]));

/** Such as `o2,1766000000000` of an open one and `s2` of one that has ended. */
function write({ status, quantity, expiresAt }: Reservation): string {
  return `${LETTERS[status]}${quantity}${expiresAt === undefined ? '' : `,${expiresAt}`}`;
}

function read(text: string): Reservation {
  const status = STATUSES.get(text.charAt(0)) ?? 'released';
  const [quantity, expiresAt] = text.slice(1).split(',').map(Number);
  return { status, quantity: quantity ?? 0, ...(expiresAt === undefined ? {} : { expiresAt }) };
}
