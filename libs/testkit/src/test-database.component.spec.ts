import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { query } from './query.js';
import { type TestDatabase, testDatabase } from './test-database.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

describe('testDatabase', () => {
  it('is a PostgreSQL 18 that orders and compares texts by code point, in UTC', async () => {
    const [settings] = await query(
      database.url,
      `SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('TimeZone') AS zone,
        'Z' < 'a' AS order`,
    );
    expect(settings).toEqual({ version: 18, zone: 'UTC', order: true });
  });

  it('gives each spec a database of its own on one server', async () => {
    const other = await testDatabase();
    await query(database.url, 'CREATE TABLE ours (id int)');
    expect(await query(other.url, `SELECT to_regclass('ours') AS found`)).toEqual([{ found: null }]);
    expect(new URL(other.url).host).toBe(new URL(database.url).host);
    await other.drop();
  });

  it('drops a database that somebody still uses', async () => {
    const { url, drop } = await testDatabase();
    const client = new pg.Client({ connectionString: url });
    const isEnded = new Promise((resolve) => client.on('error', resolve));
    await client.connect();
    await drop();
    await isEnded;
    await expect(query(url, 'SELECT 1')).rejects.toThrow('does not exist');
  });

  it('takes as many connections as several services hold', async () => {
    const clients = Array.from({ length: 120 }, () => new pg.Client({ connectionString: database.url }));
    await Promise.all(clients.map((client) => client.connect()));
    await Promise.all(clients.map((client) => client.end()));
  });
});
