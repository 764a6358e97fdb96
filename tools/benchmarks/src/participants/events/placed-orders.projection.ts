import { Projection } from '@rookery/cqrs';
import type { RecordedEvent } from '@rookery/eventsourcing';
import type { Transaction } from '@rookery/postgres';

import type { ORDER_PLACED } from './order-placed.js';

/** A row for each order, to be found by its id and by its customer. */
export class PlacedOrders extends Projection {
  readonly name = 'placed_orders';
  readonly sources = [{ name: 'order' }];
  readonly tables = `
      create table placed_orders (
        order_id text collate "C" primary key,
        customer text not null,
        total bigint not null,
        currency text not null,
        placed_at timestamptz not null
      );
      create index on placed_orders (customer, placed_at)`;

  constructor(readonly generation: number) {
    super();
  }

  async apply(events: readonly RecordedEvent[], transaction: Transaction): Promise<void> {
    const orders = events.map(({ event }) => event as typeof ORDER_PLACED.event);
    await transaction.query({
      name: `insert_placed_orders_${this.generation}`,
      text: `insert into placed_orders (order_id, customer, total, currency, placed_at)
             select o.order_id, o.customer, o.total, o.currency, to_timestamp(o.placed_at / 1000.0)
               from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::bigint[])
                 as o (order_id, customer, total, currency, placed_at)`,
      values: [
        events.map(({ stream }) => stream),
        orders.map(({ customer }) => customer),
        orders.map(({ total }) => total),
        orders.map(({ currency }) => currency),
        events.map(({ recordedAt }) => recordedAt),
      ],
    });
  }
}
