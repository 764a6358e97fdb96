import pg from 'pg';

/** What happened in a stream, as the database has it. */
export async function storedEvents(url: string, stream: string): Promise<readonly string[]> {
  const connection = new pg.Client({ connectionString: url });
  await connection.connect();
  try {
    const text = 'select type from event_store.events where stream = $1 order by version';
    const { rows } = await connection.query<{ type: string }>(text, [stream]);
    return rows.map(({ type }) => type);
  } finally {
    await connection.end();
  }
}
