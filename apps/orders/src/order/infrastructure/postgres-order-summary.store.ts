import { Injectable } from '@nestjs/common';
import { ReadModels, schemaOf, type Transaction } from '@rookery/cqrs';
import {
  type NewSummary,
  ORDER_SUMMARIES,
  OrderSummaryStore,
  type SummaryChange,
} from '../application/order-summary.store.js';
import type { OrderAnswer } from '../domain/order.aggregate.js';
import { type SummaryRow, toOrderAnswer } from './order-summary.mapper.js';

const READ_MODEL = schemaOf(ORDER_SUMMARIES);

@Injectable()
export class PostgresOrderSummaryStore extends OrderSummaryStore {
  /** Totals change with the status, and cancelling takes an old total away. */
  readonly tables = `
    create table orders (
      order_id text primary key, customer text not null, position bigint not null, placed_at bigint not null,
      currency text not null, lines jsonb not null, status text not null, total bigint, reason text
    );
    create unique index orders_of_customer on orders (customer, position desc);
  `;

  constructor(private readonly readModels: ReadModels) {
    super();
  }

  async write(
    added: readonly NewSummary[],
    changes: readonly SummaryChange[],
    transaction: Transaction,
  ): Promise<void> {
    if (added.length > 0) {
      await transaction.query({
        text: `insert into orders (order_id, customer, position, placed_at, currency, lines, status)
               select "orderId", customer, position, at, currency, lines, 'placed'
                 from jsonb_to_recordset($1) as n ("orderId" text, customer text, position bigint, at bigint,
                                                   currency text, lines jsonb)`,
        values: [JSON.stringify(added)],
      });
    }
    const last = [...new Map(changes.map((change) => [change.orderId, change])).values()];
    if (last.length === 0) return;
    await transaction.query({
      text: `update orders set status = c.status, total = (c.total->>'minorUnits')::bigint, reason = c.reason
               from jsonb_to_recordset($1) as c ("orderId" text, status text, total jsonb, reason text)
              where order_id = c."orderId"`,
      values: [JSON.stringify(last)],
    });
  }

  async positionOf(orderId: string, customer: string): Promise<number | undefined> {
    const { rows } = await this.readModels.query<{ readonly position: number }>({
      name: 'position_of_order',
      text: `select position from ${READ_MODEL}.orders where order_id = $1 and customer = $2`,
      values: [orderId, customer],
    });
    return rows[0]?.position;
  }

  async list(customer: string, before: number | undefined, limit: number): Promise<readonly OrderAnswer[]> {
    const { rows } = await this.readModels.query<SummaryRow>({
      name: 'list_orders',
      text: `select order_id, placed_at, currency, lines, status, total, reason from ${READ_MODEL}.orders
              where customer = $1 and ($2::bigint is null or position < $2) order by position desc limit $3`,
      values: [customer, before, limit],
    });
    return rows.map(toOrderAnswer);
  }
}
