import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '@rookery/postgres';
import type { Booking } from './booking.js';

interface BookingRow {
  readonly key: string;
  readonly version: number;
  readonly status: Booking['status'];
  readonly reference: string | null;
  readonly card: string | null;
  readonly currency: string | null;
  readonly minor_units: number | null;
  readonly authorise_asked: number;
  readonly capture_asked: number;
  readonly void_asked: number;
}

export interface StoredBooking {
  readonly booking: Booking;
  readonly version: number;
}

/** The provider's book. */
@Injectable()
export class BookingStore {
  constructor(private readonly database: Database) {}

  async find(key: string): Promise<StoredBooking | undefined> {
    const { rows } = await this.database.query<BookingRow>({
      name: 'find_booking',
      text: `select key, version, status, reference, card, currency, minor_units, authorise_asked, capture_asked, void_asked
               from provider_simulation.bookings where key = $1`,
      values: [key],
    });
    return rows[0] === undefined ? undefined : { booking: toBooking(rows[0]), version: rows[0].version };
  }

  /** Whether it was saved: not when another has saved what was found in that version, or not found. */
  async save(booking: Booking, found: StoredBooking | undefined): Promise<boolean> {
    const statement = found === undefined ? insert(booking) : update(booking, found.version);
    const { count } = await this.database.execute(statement);
    return count === 1;
  }
}

function toBooking(row: BookingRow): Booking {
  const { currency, key, minor_units: minorUnits, status } = row;
  return {
    ...{ key, status, reference: row.reference ?? undefined, card: row.card ?? undefined },
    amount: currency === null || minorUnits === null ? undefined : { currency, minorUnits },
    asked: { authorise: row.authorise_asked, capture: row.capture_asked, void: row.void_asked },
  };
}

function insert({ amount, asked, card, key, reference, status }: Booking): Statement {
  return {
    name: 'insert_booking',
    text: `insert into provider_simulation.bookings
             (version, key, status, reference, card, currency, minor_units, authorise_asked, capture_asked, void_asked)
           values (1, $1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
    values: [
      ...[key, status, reference, card, amount?.currency, amount?.minorUnits],
      ...[asked.authorise, asked.capture, asked.void],
    ],
  };
}

/** Card and amount are what they were. */
function update({ asked, key, status }: Booking, version: number): Statement {
  return {
    name: 'update_booking',
    text: `update provider_simulation.bookings
              set version = version + 1, status = $3, authorise_asked = $4, capture_asked = $5, void_asked = $6
            where key = $1 and version = $2`,
    values: [key, version, status, asked.authorise, asked.capture, asked.void],
  };
}
