import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { PrivatePostgres } from './private-postgres.js';
import { query } from './query.js';

const server = new PrivatePostgres();

beforeAll(() => server.start());
afterAll(() => server.close());

async function connected(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server.url });
  client.on('error', () => undefined); // What becomes of a connection is what these tests are about.
  await client.connect();
  return client;
}

describe('a PostgreSQL of a spec of its own', () => {
  it('waits for the disk', async () => {
    expect(await query(server.url, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
    expect(await query(server.url, 'SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
  });

  it('is stopped and started with the same data at the same URL', async () => {
    await query(server.url, 'CREATE TABLE kept AS SELECT 1 AS id');
    const { url } = server;
    await server.stop();
    await expect(connected()).rejects.toThrow('ECONNREFUSED');
    await server.start();
    expect(server.url).toBe(url);
    expect(await query(server.url, 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
  });

  it('is killed and has all that it acknowledged when it is started again', async () => {
    const session = await connected();
    await session.query('CREATE TABLE acknowledged AS SELECT 2 AS id');
    const isCut = new Promise((resolve) => session.once('end', resolve));
    await server.kill();
    await isCut;
    await server.start();
    expect(await query(server.url, 'SELECT id FROM acknowledged')).toEqual([{ id: 2 }]);
  });

  it('answers nothing while it is paused, and what it was asked when it goes on', async () => {
    const session = await connected();
    server.pause();
    let isAnswered = false;
    const answer = session.query('SELECT 3 AS id').then(({ rows }) => {
      isAnswered = true;
      return rows as readonly unknown[];
    });
    const other = new pg.Client({ connectionString: server.url, connectionTimeoutMillis: 300 });
    await expect(other.connect()).rejects.toThrow('timeout');
    expect(isAnswered).toBe(false);
    server.resume();
    expect(await answer).toEqual([{ id: 3 }]);
    await session.end();
  });
});
