import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { answered, codeOf, describeEventStore, happened, one, readAll } from '@rookery/eventsourcing/testing';
import { until, untilFound } from '@rookery/testkit';
import type { Database } from './database.js';
import { eventStoreMigrations } from './event-store-schema.js';
import { migrate } from './migrations.js';
import { PostgresEventStore } from './postgres-event-store.js';
import { disturb } from './testing/disturbance.js';
import { StallingProxy } from './testing/stalling-proxy.js';
import { TestDatabase } from './testing/index.js';

const server = process.env['DATABASE_URL'] ?? '';

async function openStore(database: Database): Promise<PostgresEventStore> {
  await migrate(database, [eventStoreMigrations]);
  return PostgresEventStore.open(database);
}

describeEventStore('PostgreSQL', async () => {
  const own = await TestDatabase.create(server);
  const store = await openStore(own.open());
  const another = await openStore(own.open());
  return { store, another, disturb: () => disturb(own, server), close: () => own.drop() };
});

describe('an event store in PostgreSQL when something goes wrong', () => {
  let own: TestDatabase;
  let store: PostgresEventStore;

  beforeEach(async () => {
    own = await TestDatabase.create(server);
    store = await openStore(own.open());
  });
  afterEach(() => own.drop());

  it('loses nothing that it acknowledged when its connections are killed, and what is unknown settles by command id', async () => {
    const acknowledged = new Set<string>();
    const settled = new Set<string>();
    let killed = 0;
    const end = new AbortController();
    const writer = async (index: number): Promise<void> => {
      const stream = `order-${index}`;
      for (let version = 0; !end.signal.aborted;) {
        const command = answered(`${stream}#${version}`);
        const code = await store.append(one(stream, version, command)).then(
          ({ status }) => status,
          (error: { code?: string }) => error.code,
        );
        if (code === 'STORE_UNAVAILABLE') continue;
        if (code === 'STORE_OUTCOME_UNKNOWN') {
          // Until it is known whether the command was carried out, asking again is the only thing that is right.
          const again = await untilAvailable(() => store.append(one(stream, version, command)));
          settled.add(again.status);
        } else expect(code).toBe('appended');
        acknowledged.add(`${stream}#${version}`);
        version++;
      }
    };
    const writers = Promise.all(Array.from({ length: 24 }, (_, index) => writer(index)));
    while (killed < 12 || acknowledged.size < 500) {
      const before = acknowledged.size;
      killed += await own.killConnections();
      await until('it goes on', () => acknowledged.size > before);
    }
    end.abort();
    await writers;
    const events = await untilAvailable(() => readAll(store, 1000, () => true));
    expect(events.map(({ stream, version }) => `${stream}#${version - 1}`).sort()).toEqual([...acknowledged].sort());
    for (const status of settled) expect(['appended', 'answered']).toContain(status);
  });

  it('waits for no answer for ever: what a stopped server was sent settles by command id, the rest was not done', async () => {
    const proxy = new StallingProxy(new URL(server));
    await proxy.open();
    const database = own.open({ url: proxy.urlOf(own.url), statementTimeoutMs: 300, connectTimeoutMs: 300 });
    const far = await untilAvailable(() => PostgresEventStore.open(database, { waitMs: 300 }));
    const append = (index: number) => far.append(one(`order-${index}`, 0, answered(`c${index}`)));
    await untilAvailable(() => append(0));
    proxy.stall();
    const sent = codeOf(append(1));
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    const waiting = Array.from({ length: 50 }, (_, index) => codeOf(append(index + 2)));
    expect(await sent).toBe('STORE_OUTCOME_UNKNOWN');
    for (const code of await Promise.all(waiting)) expect(code).toBe('STORE_UNAVAILABLE');
    proxy.resume();
    const again = await untilAvailable(() => append(1));
    expect(['appended', 'answered']).toContain(again.status);
    expect((await untilAvailable(() => far.readLog({ after: undefined, limit: 100 }))).head).toBe(2);
    await proxy.close();
  });

  it('calls nothing done that it did not do, when an answer is forgotten at the moment in which it is found', async () => {
    await store.append(one('order-1', 0, answered('c1')));
    const administrator = await own.connect();
    // Whoever looks for answers waits at a lock, so that somebody else can delete them meanwhile.
    await administrator.query(`
      set search_path to event_store;
      alter table answered_commands rename to kept;
      create function slowly() returns boolean volatile language plpgsql as
        $$ begin perform pg_advisory_lock_shared(1); perform pg_advisory_unlock_shared(1); return true; end $$;
      create view answered_commands as select * from kept where slowly();
      create function keep() returns trigger language plpgsql as $$ begin return null; end $$;
      create trigger keep instead of insert on answered_commands for each row execute function keep()`);
    await administrator.query('select pg_advisory_lock(1)');
    const repeat = store.append(one('order-1', 0, answered('c1')));
    const waiting = `select from pg_stat_activity where application_name = '${own.name}' and wait_event = 'advisory'`;
    await until('it looks for the answer', async () => (await administrator.query(waiting)).rowCount === 1);
    await administrator.query('delete from kept');
    await administrator.query('select pg_advisory_unlock(1)');
    await administrator.end();
    expect(await repeat).toEqual({ status: 'answered', commands: [answered('c1')] });
  });

  it('says that it is not available when the disk is full, and goes on when there is room again', async () => {
    const administrator = await own.connect();
    await administrator.query(`
      create function fill() returns trigger language plpgsql as
        $$ begin raise exception 'no space left on device' using errcode = '53100'; end $$;
      create trigger full_disk before insert on event_store.events execute function fill()`);
    expect(await codeOf(store.append(one('order-1')))).toBe('STORE_UNAVAILABLE');
    await administrator.query('drop trigger full_disk on event_store.events');
    await administrator.end();
    expect(await store.append(one('order-1'))).toEqual({ status: 'appended', version: 1 });
  });

  it('fails an append alone for which PostgreSQL has no room in an index', async () => {
    const endless = answered(Array.from({ length: 3000 }, (_, index) => `${index}-`).join(''));
    const others = Array.from({ length: 30 }, (_, index) => store.append(one(`order-${index}`)));
    const failed = codeOf(store.append(one('order-bad', 0, endless)));
    for (const { status } of await Promise.all(others)) expect(status).toBe('appended');
    expect(await failed).toBe('STORE_REFUSED');
    expect((await store.readStream('order-bad', 0, 10)).version).toBe(0);
  });

  it('keeps one event of 8 MB, and many that together are as large', async () => {
    const text = 'x'.repeat(8_000_000);
    const large = { stream: 'note-1', expectedVersion: 0, events: [happened('Noted', { text })], commands: [] };
    const many = {
      ...large,
      events: Array.from({ length: 80 }, () => happened('Noted', { text: text.slice(0, 100_000) })),
    };
    await Promise.all([store.append(large), store.append({ ...many, stream: 'note-2' }), store.append(one('note-3'))]);
    expect((await store.readStream('note-1', 0, 1)).events[0]?.event).toEqual({ type: 'Noted', text });
    expect((await store.readLog({ after: undefined, limit: 100 })).head).toBe(82);
  });

  it('takes a copy of its database for another log, and keeps its own', async () => {
    await store.append(one('order-1'));
    const { end } = await store.readLog({ after: undefined, limit: 10 });
    await own.killConnections();
    const copy = await TestDatabase.create(server, own.name);
    try {
      const copied = await openStore(copy.open());
      expect(await codeOf(copied.readLog({ after: end, limit: 10 }))).toBe('LOG_REPLACED');
      const fresh = await copied.readLog({ after: undefined, limit: 10 });
      expect([fresh.head, fresh.end.epoch === end.epoch]).toEqual([1, false]);
    } finally {
      await copy.drop();
    }
    await openStore(own.open());
    expect(await store.readLog({ after: end, limit: 10 })).toMatchObject({ events: [], end });
  });

  it('sees what others have committed meanwhile, whatever isolation its database is set to', async () => {
    const administrator = await own.connect();
    await administrator.query(`alter database ${own.name} set default_transaction_isolation = 'serializable'`);
    await administrator.end();
    const stores = await Promise.all([1, 2, 3].map(() => openStore(own.open())));
    const outcomes = await Promise.all(
      Array.from({ length: 300 }, (_, index) => (stores[index % 3] ?? store).append(one(`order-${index}`))),
    );
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['appended']));
  });

  it('says so when a position is missing in its log', async () => {
    for (const stream of ['order-1', 'order-2', 'order-3']) await store.append(one(stream));
    const vandal = await own.connect();
    await vandal.query('delete from event_store.events where position = 2');
    await vandal.end();
    expect(await codeOf(store.readLog({ after: undefined, limit: 10 }))).toBe('LOG_DAMAGED');
  });
});

function untilAvailable<T>(work: () => Promise<T>): Promise<T> {
  return untilFound('the store is available', async () => {
    try {
      return await work();
    } catch (error) {
      const { code = '' } = error as { code?: string };
      if (['STORE_UNAVAILABLE', 'STORE_OUTCOME_UNKNOWN'].includes(code)) return undefined;
      throw error;
    }
  });
}
