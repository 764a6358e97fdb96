import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { query, type TestDatabase, testDatabase } from '@rookery/testkit';
import { DatabaseRefusedError, givenDatabases } from './given-database.js';

let given: TestDatabase;

beforeAll(async () => {
  given = await testDatabase();
});
afterAll(() => given.drop());

describe('a PostgreSQL that was given by its URL', () => {
  it('gets a database for each service, and keeps those that are there', async () => {
    const services = ['orders', 'order-2-cash'];
    const first = await givenDatabases(given.url, services);
    expect([...first.keys()]).toEqual(services);
    const url = first.get('order-2-cash') ?? '';
    expect(url).toBe(`${given.url}_order-2-cash`);
    await query(url, 'CREATE TABLE kept AS SELECT 1 AS id');
    expect(await givenDatabases(given.url, services)).toEqual(first);
    expect(await query(url, 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
    const base = new URL(given.url).pathname.slice(1);
    for (const name of services) await query(given.url, `DROP DATABASE "${base}_${name}" WITH (FORCE)`);
  });

  it.each(['http://127.0.0.1/rookery', 'postgres://127.0.0.1', 'rookery'])('is not %s', async (url) => {
    await expect(givenDatabases(url, ['orders'])).rejects.toThrow('must be a URL such as postgres://');
  });

  it('is refused without a word of its password when it does not take us in', async () => {
    const url = new URL(given.url);
    url.password = 'guessed';
    const refusal = givenDatabases(url.href, ['orders']);
    await expect(refusal).rejects.toBeInstanceOf(DatabaseRefusedError);
    await expect(refusal).rejects.toThrow(/^(?!.*guessed)DATABASE_URL: .*password authentication failed/);
    await expect(givenDatabases('postgres://u:p@127.0.0.1:1/rookery', ['orders'])).rejects.toThrow('ECONNREFUSED');
  });
});
