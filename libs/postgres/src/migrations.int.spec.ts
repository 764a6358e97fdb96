import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { answered, codeOf, one } from '@rookery/eventsourcing/testing';
import type { Database } from './database.js';
import { eventStoreMigrations } from './event-store-schema.js';
import { migrate, type Migration, type MigrationSet } from './migrations.js';
import { PostgresEventStore } from './postgres-event-store.js';
import { TestDatabase } from './testing/index.js';

const server = process.env['DATABASE_URL'] ?? '';

function summaries(...more: readonly Omit<Migration, 'number'>[]): MigrationSet {
  const first = { name: 'summaries', sql: 'create table summaries (id text primary key, total int)' };
  return { namespace: 'orders', migrations: [first, ...more].map((step, index) => ({ ...step, number: index + 1 })) };
}

const lateName = { name: 'the total has a name that says its unit', sql: 'alter table summaries add total_cents int' };
const early = (understoodFrom: number) => ({
  name: 'the old name goes',
  sql: 'alter table summaries drop total',
  understoodFrom,
});

describe('migrations', () => {
  let own: TestDatabase;
  let database: Database;
  beforeEach(async () => {
    own = await TestDatabase.create(server);
    database = own.open();
  });
  afterEach(() => own.drop());

  it('are applied once, however many processes start at once', async () => {
    const processes = Array.from({ length: 6 }, () => own.open({ maxConnections: 1 }));
    const applied = await Promise.all(processes.map((each) => migrate(each, [eventStoreMigrations, summaries()])));
    const ofStore = [1, 2].map((number): unknown => expect.stringMatching(`^event_store ${number}: `));
    const expected = [...ofStore, 'orders 1: summaries'];
    expect(applied.filter((names) => names.length > 0)).toEqual([expected]);
    expect(await migrate(database, [eventStoreMigrations, summaries()])).toEqual([]);
  });

  it('of a service stand beside those of the event store, and go on where they were', async () => {
    await migrate(database, [eventStoreMigrations, summaries()]);
    expect(await migrate(database, [eventStoreMigrations, summaries(lateName)])).toEqual([
      'orders 2: the total has a name that says its unit',
    ]);
    const text =
      "select table_schema from information_schema.columns where column_name in ('total_cents', 'command_id')";
    const { rows } = await database.query({ text: `${text} order by 1` });
    expect(rows).toEqual([{ table_schema: 'event_store' }, { table_schema: 'orders' }]);
  });

  it('leave nothing behind when one of them fails', async () => {
    const broken = summaries(lateName, { name: 'broken', sql: 'alter table nothing add x int' });
    await expect(migrate(database, [broken])).rejects.toThrow(/nothing/);
    expect(await migrate(database, [summaries()])).toEqual(['orders 1: summaries']);
  });

  it('are not applied in another form under the same number', async () => {
    await migrate(database, [summaries(lateName)]);
    const changed = summaries({ ...lateName, sql: 'alter table summaries add cents int' });
    expect(await codeOf(migrate(database, [changed]))).toBe('SCHEMA_DIFFERS');
  });

  it('need no right to change the schema where nothing is to be done', async () => {
    await migrate(database, [summaries()]);
    const role = `${own.name}_role`;
    await database.transaction((transaction) =>
      transaction.script(`create role ${role} login password 'x'; grant usage on schema rookery to ${role};
        grant select on rookery.migrations to ${role}`),
    );
    const url = new URL(own.url);
    [url.username, url.password] = [role, 'x'];
    const modest = own.open({ url: url.href });
    expect(await migrate(modest, [summaries()])).toEqual([]);
    await expect(migrate(modest, [summaries(lateName)])).rejects.toThrow(/permission/);
    await database.transaction((transaction) => transaction.script(`drop owned by ${role}; drop role ${role}`));
  });

  it('of the next version leave this one at work as long as they expand, or take away what it does not need', async () => {
    const { migrations } = eventStoreMigrations;
    const known = migrations.length;
    const expand = { name: 'tenants', sql: `alter table events add tenant text default 'none'` };
    const contract = { name: 'no old rows', sql: 'drop view if exists gone', understoodFrom: known };
    const next = [expand, contract].map((step, index) => ({ ...step, number: known + 1 + index }));
    await migrate(database, [{ namespace: 'event_store', migrations: [...migrations, ...next] }]);

    expect(await migrate(database, [eventStoreMigrations])).toEqual([]);
    const store = await PostgresEventStore.open(database);
    expect(await store.append(one('order-1'))).toEqual({ status: 'appended', version: 1 });
    expect((await store.readStream('order-1', 0, 10)).events).toHaveLength(1);
    expect((await store.readLog({ after: undefined, limit: 10 })).head).toBe(1);
  });

  it('of each version leave the stores of the version before at work, and take over what those have written', async () => {
    const { migrations, namespace } = eventStoreMigrations;
    await migrate(database, [{ namespace, migrations: migrations.slice(0, 1) }]);
    const before = await PostgresEventStore.open(database);
    const written = one('order-1', 0, answered('written'));
    expect(await before.append(written)).toEqual({ status: 'appended', version: 1 });

    for (const known of migrations.keys()) {
      await migrate(database, [{ namespace, migrations: migrations.slice(0, known + 1) }]);
      for (const store of [before, await PostgresEventStore.open(own.open())]) {
        expect(await store.append(written)).toMatchObject({ status: 'answered' });
        const { version } = await store.readStream('order-1', 0, 1);
        expect(await store.append(one('order-1', version))).toMatchObject({ status: 'appended' });
      }
    }
  });

  it('are refused by code that the database has left behind', async () => {
    await migrate(database, [summaries(lateName, early(2))]);
    expect(await codeOf(migrate(database, [summaries()]))).toBe('SCHEMA_TOO_NEW');
    expect(await migrate(database, [summaries(lateName)])).toEqual([]);
  });

  it.each([
    ['an awkward namespace', { ...summaries(), namespace: 'Orders; drop' }],
    ['a number left out', { namespace: 'orders', migrations: [{ number: 2, name: 'x', sql: '' }] }],
    ['a contraction that only its own version survives', summaries(early(2))],
  ])('are refused for %s', async (_what, set) => {
    await expect(migrate(database, [set])).rejects.toThrow(RangeError);
  });
});
