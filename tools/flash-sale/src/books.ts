import pg from 'pg';

/** What the databases say of a sale. */
export interface Books {
  readonly received: number;
  readonly sold: number;
  readonly reserved: number;
  /** Orders of the SKU by id, with how often each ended. */
  readonly orders: ReadonlyMap<string, OrderEnds>;
  /** Ids of orders whose payment was captured, as often as it was. */
  readonly captured: readonly string[];
}

export interface OrderEnds {
  confirmed: number;
  cancelled: number;
}

interface Counted {
  readonly type: string;
  readonly quantity: string;
}

/**
 * Reads the events of a sale, which are what happened; no service is asked. Orders that were placed for another SKU are left
 * out.
 */
export async function readBooks(databases: Readonly<Record<string, string>>, sku: string): Promise<Books> {
  const stock = await rows<Counted>(
    databases['inventory'],
    `select type, sum((data->>'quantity')::bigint) as quantity from event_store.events where stream = $1 group by type`,
    [`stock-${sku}`],
  );
  const quantity = (type: string): number => Number(stock.find((row) => row.type === type)?.quantity ?? 0);
  const orders = await readOrders(databases['orders'], sku);
  const captured = await rows<{ id: string }>(
    databases['payments'],
    `select substr(stream, length('payment-') + 1) as id from event_store.events where type = 'PaymentCaptured'`,
    [],
  );
  const sold = quantity('StockCommitted') - quantity('StockReturned');
  const open = quantity('StockReserved') - quantity('StockCommitted');
  return {
    received: quantity('StockReceived'),
    sold,
    reserved: open - quantity('ReservationReleased') - quantity('ReservationExpired'),
    orders,
    captured: captured.map(({ id }) => id).filter((id) => orders.has(id)),
  };
}

async function readOrders(url: string | undefined, sku: string): Promise<ReadonlyMap<string, OrderEnds>> {
  const found = await rows<{ id: string; confirmed: string; cancelled: string }>(
    url,
    `select substr(stream, length('order-') + 1) as id,
            count(*) filter (where type = 'OrderConfirmed') as confirmed,
            count(*) filter (where type = 'OrderCancelled') as cancelled
       from event_store.events
      where category = 'order' and stream in (
        select stream from event_store.events
         where type = 'OrderPlaced' and data->'lines'->0->>'sku' = $1)
      group by stream`,
    [sku],
  );
  return new Map(
    found.map(({ cancelled, confirmed, id }) => [id, { confirmed: Number(confirmed), cancelled: Number(cancelled) }]),
  );
}

async function rows<Row extends object>(
  url: string | undefined,
  text: string,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
