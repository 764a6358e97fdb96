import pg from 'pg';

/** Asks a database over a connection that is made for it and ends with it. Resolves with the rows. */
export async function query<Row extends object>(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // Of a server that is ended meanwhile: what it was asked is rejected too.
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
