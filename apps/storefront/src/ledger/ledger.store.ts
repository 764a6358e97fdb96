import { Injectable } from '@nestjs/common';
import { orders } from '@rookery/contracts/messages';
import { Database, type MigrationSet, type Transaction } from '@rookery/postgres';
import { DomainError } from '@rookery/runtime';
import { type LedgerEntries, NO_ENTRIES } from './ledger.mapper.js';

const TABLES = `
create table open_orders (order_id text primary key, lines jsonb not null);
create table ends (status text, reason text, orders bigint not null, primary key (status, reason));
create table units_sold (sku text primary key, units bigint not null);
create table units_received (sku text primary key, units bigint not null);
`;

/**
 * The tables of the ledger. An order is a row while it is open; then it is counted, so that they stay small. No two consumers
 * write to one table, or they would wait for each other.
 */
export const ledgerMigrations: MigrationSet = {
  namespace: 'ledger',
  migrations: [{ number: 1, name: 'open orders, ends, units', sql: TABLES }],
};

/** The ledger on PostgreSQL. What is written twice is counted twice: that it is not is for the inbox, in the same transaction. */
@Injectable()
export class LedgerStore {
  constructor(private readonly database: Database) {}

  async open(orderId: string, lines: readonly orders.OrderLine[], transaction: Transaction): Promise<void> {
    await transaction.query({
      name: 'open_order',
      text: 'insert into ledger.open_orders (order_id, lines) values ($1, $2)',
      values: [orderId, JSON.stringify(lines)],
    });
  }

  async confirm(orderId: string, transaction: Transaction): Promise<void> {
    const lines = await this.close(orderId, transaction);
    await this.count('ORDER_STATUS_CONFIRMED', 'CANCEL_REASON_UNSPECIFIED', transaction);
    await transaction.query({
      name: 'sell_units',
      text: `insert into ledger.units_sold as u
             select sku, sum(quantity) from jsonb_to_recordset($1) as l (sku text, quantity bigint) group by sku
             on conflict (sku) do update set units = u.units + excluded.units`,
      values: [JSON.stringify(lines)],
    });
  }

  async cancel(orderId: string, reason: orders.CancelReason, transaction: Transaction): Promise<void> {
    await this.close(orderId, transaction);
    await this.count('ORDER_STATUS_CANCELLED', orders.CancelReason[reason], transaction);
  }

  async receive(sku: string, quantity: number, transaction: Transaction): Promise<void> {
    await transaction.query({
      name: 'receive_units',
      text: `insert into ledger.units_received as u (sku, units) values ($1, $2)
             on conflict (sku) do update set units = u.units + excluded.units`,
      values: [sku, quantity],
    });
  }

  async entries(): Promise<LedgerEntries> {
    const { rows } = await this.database.query<LedgerEntries>({
      name: 'ledger_entries',
      text: `select (select count(*) from ledger.open_orders) as open,
                    (select coalesce(jsonb_agg(e), '[]') from ledger.ends e) as ends,
                    (select coalesce(jsonb_object_agg(sku, units), '{}') from ledger.units_sold) as "unitsSold",
                    (select coalesce(jsonb_object_agg(sku, units), '{}') from ledger.units_received) as "unitsReceived"`,
    });
    return rows[0] ?? NO_ENTRIES;
  }

  /** Its lines. An order that ends without having been open tells that the ledger is not of this log: nothing is counted. */
  private async close(orderId: string, transaction: Transaction): Promise<readonly orders.OrderLine[]> {
    const { rows } = await transaction.query<{ readonly lines: readonly orders.OrderLine[] }>({
      name: 'close_order',
      text: 'delete from ledger.open_orders where order_id = $1 returning lines',
      values: [orderId],
    });
    const [closed] = rows;
    if (closed === undefined) throw new DomainError('ORDER_NOT_OPEN', `${orderId} ends and is not open in the ledger`);
    return closed.lines;
  }

  private async count(status: string, reason: string | undefined, transaction: Transaction): Promise<void> {
    await transaction.query({
      name: 'count_end',
      text: `insert into ledger.ends as e (status, reason, orders) values ($1, $2, 1)
             on conflict (status, reason) do update set orders = e.orders + 1`,
      values: [status, reason ?? 'UNRECOGNIZED'],
    });
  }
}
