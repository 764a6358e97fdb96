import type pg from 'pg';
import { TestDatabase } from './test-database.js';

/** An append as `append_v1` takes it. */
const APPEND = `select * from event_store.append_v1(array['rolled-back'], array[0], array[1], array['rolled-back'], array[1],
  array['Never'], array[1], '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '')`;

/**
 * What other transactions do on a busy server: some stay open, here and in another database, with rows that nobody sees yet; and
 * appends are rolled back at their last moment. All ends when what it gives is called.
 */
export async function disturb(own: TestDatabase, serverUrl: string): Promise<() => Promise<void>> {
  const other = await TestDatabase.create(serverUrl);
  const open = [await own.connect(), await own.connect(), await other.connect()];
  for (const [index, client] of open.entries()) {
    await client.query('begin isolation level repeatable read');
    await client.query(`create table held_${index} (id int)`);
  }
  const roller = await own.connect();
  const end = new AbortController();
  const rolling = (async () => {
    while (!end.signal.aborted) await rollBack(roller);
  })();
  return async () => {
    end.abort();
    await rolling;
    for (const client of [...open, roller]) await client.end();
    await other.drop();
  };
}

async function rollBack(client: pg.Client): Promise<void> {
  await client.query('begin');
  await client.query(APPEND);
  await client.query('rollback');
}
