import { query } from '@rookery/testkit';

/** What became of orders and units: as the databases of the services have it, or as the ledger of the storefront. */
export interface LedgerBooks {
  readonly open: number;
  /** How many orders have ended so, by status and reason. */
  readonly ends: Readonly<Record<string, number>>;
  /** By SKU. */
  readonly sold: Readonly<Record<string, number>>;
  readonly received: Readonly<Record<string, number>>;
  /** How many events that is. */
  readonly events: number;
}

type Databases = Readonly<Record<string, string>>;

const CONFIRMED = 'ORDER_STATUS_CONFIRMED CANCEL_REASON_UNSPECIFIED';
const CANCELLED = 'ORDER_STATUS_CANCELLED CANCEL_REASON_';

/** By the events of orders and inventory themselves. */
export async function booksOfServices({ inventory, orders }: Databases): Promise<LedgerBooks> {
  const ends = await countsIn(
    orders,
    `select case type when 'OrderConfirmed' then '${CONFIRMED}'
                      else '${CANCELLED}' || upper(replace(data->>'reason', '-', '_')) end as name, count(*)::int
       from event_store.events where type in ('OrderConfirmed', 'OrderCancelled') group by 1`,
  );
  const sold = await countsIn(
    orders,
    `select line->>'sku' as name, sum((line->>'quantity')::int)::int as count
       from event_store.events placed
       join event_store.events ended on ended.stream = placed.stream and ended.type = 'OrderConfirmed'
      cross join json_array_elements(placed.data->'lines') line
      where placed.type = 'OrderPlaced' group by 1`,
  );
  const { placed = 0 } = await countsIn(
    orders,
    `select 'placed' as name, count(*)::int from event_store.events where type = 'OrderPlaced'`,
  );
  const received = await countsIn(
    inventory,
    `select substr(stream, length('stock-') + 1) as name, sum((data->>'quantity')::int)::int as count
       from event_store.events where type = 'StockReceived' group by 1`,
  );
  const { receipts = 0 } = await countsIn(
    inventory,
    `select 'receipts' as name, count(*)::int from event_store.events where type = 'StockReceived'`,
  );
  const ended = Object.values(ends).reduce((sum, count) => sum + count, 0);
  return { open: placed - ended, ends, sold, received, events: placed + ended + receipts };
}

/** By the storefront's own database. */
export async function booksOfLedger({ storefront }: Databases): Promise<LedgerBooks> {
  const { open = 0, events = 0 } = await countsIn(
    storefront,
    `select 'open' as name, count(*)::int from ledger.open_orders
     union all select 'events', count(*)::int from messaging.inbox`,
  );
  return {
    open,
    ends: await countsIn(storefront, `select status || ' ' || reason as name, orders::int as count from ledger.ends`),
    sold: await countsIn(storefront, 'select sku as name, units::int as count from ledger.units_sold'),
    received: await countsIn(storefront, 'select sku as name, units::int as count from ledger.units_received'),
    events,
  };
}

/** The numbers that a query gives, by their names. */
export async function countsIn(url: string | undefined, text: string): Promise<Readonly<Record<string, number>>> {
  const rows = await query<{ readonly name: string; readonly count: number }>(url ?? '', text);
  return Object.fromEntries(rows.map(({ count, name }) => [name, count]));
}
