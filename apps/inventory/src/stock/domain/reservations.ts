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
 * text in buckets: an event copies a thousand references and one short text, and a snapshot is read as fast as text is.
 */
export type Reservations = readonly string[];

/** Fewer make longer texts to search, more make more references to copy: of 256, 1024, 2048 and 4096 the fastest at 50,000 orders. */
const BUCKETS = 1024;

export const noReservations: Reservations = Array<string>(BUCKETS).fill('');

export function reservationOf(reservations: Reservations, orderId: string): Reservation | undefined {
  const bucket = reservations[bucketOf(orderId)] ?? '';
  const found = placeOf(bucket, orderId);
  return found === undefined ? undefined : read(bucket.slice(found.from, found.to));
}

export function withReservation(reservations: Reservations, orderId: string, reservation: Reservation): Reservations {
  const at = bucketOf(orderId);
  const bucket = reservations[at] ?? '';
  const found = placeOf(bucket, orderId);
  const text = write(reservation);
  return reservations.with(
    at,
    found === undefined
      ? `${bucket};${orderId}=${text}`
      : `${bucket.slice(0, found.from)}${text}${bucket.slice(found.to)}`,
  );
}

/** By the last three digits: those of a UUID are random, also where its first ones are the time. */
function bucketOf(orderId: string): number {
  return Number.parseInt(orderId.slice(-3), 16) & (BUCKETS - 1);
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
