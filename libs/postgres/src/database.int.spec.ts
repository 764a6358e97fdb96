import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { codeOf } from '@rookery/eventsourcing/testing';
import { until } from '@rookery/testkit';
import type { Database } from './database.js';
import { StallingProxy } from './testing/stalling-proxy.js';
import { TestDatabase } from './testing/index.js';

const server = process.env['DATABASE_URL'] ?? '';
const one = { name: 'one', text: 'select 1 as one' };
const insert = { text: 'insert into words values ($1)', values: ['a'] };

describe('a database', () => {
  let own: TestDatabase;
  let database: Database;
  const words = async (): Promise<readonly string[]> =>
    (await database.query<{ word: string }>({ text: 'select word from words' })).rows.map(({ word }) => word);

  beforeEach(async () => {
    own = await TestDatabase.create(server);
    database = own.open();
    await database.transaction((transaction) => transaction.script('create table words (word text)'));
  });
  afterEach(() => own.drop());

  it('answers with plain values', async () => {
    const text = `select 9007199254740991::bigint as large, '{"a":[1]}'::json as data, true as yes`;
    expect((await database.query({ text })).rows).toEqual([{ large: 2 ** 53 - 1, data: { a: [1] }, yes: true }]);
    await expect(database.query({ text: 'select 9007199254740992::bigint' })).rejects.toThrow(/2\^53/);
    expect((await database.query(one)).rows).toEqual([{ one: 1 }]);
  });

  it('does all of a transaction or nothing', async () => {
    const failing = database.transaction(async (transaction) => {
      await transaction.query(insert);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await words()).toEqual([]);
    expect(await database.transaction(async (transaction) => (await transaction.query(insert)).count)).toBe(1);
    expect(await words()).toEqual(['a']);
  });

  it('does not take a transaction for done in which a failed statement was passed over', async () => {
    const careless = database.transaction(async (transaction) => {
      await transaction.query({ text: 'select 1 / 0' }).catch(() => undefined);
    });
    await expect(careless).rejects.toThrow(/undone/);
  });

  it('waits for no work whose transaction the server has ended', async () => {
    const hanging = database.transaction(async (transaction) => {
      await transaction.query(insert);
      await own.killConnections();
      await new Promise(() => undefined);
    });
    expect(await codeOf(hanging)).toBe('STORE_UNAVAILABLE');
    await untilAnswered(database);
    expect(await words()).toEqual([]);
  });

  it('is used again after its idle connections were killed', async () => {
    await Promise.all([database.query(one), database.query(one)]);
    expect(await own.killConnections()).toBeGreaterThan(0);
    await expect(untilAnswered(database)).resolves.toBeUndefined();
  });

  it('ends a statement that takes too long, and only that', async () => {
    const strict = own.open({ statementTimeoutMs: 1000 });
    const [slow, quick] = [strict.query({ text: 'select pg_sleep(60)' }), strict.query(one)];
    expect(await codeOf(slow)).toBe('STORE_UNAVAILABLE');
    expect((await quick).count).toBe(1);
  });

  it('hears an answer that came in time, also when its process stood still meanwhile', async () => {
    const strict = own.open({ statementTimeoutMs: 200 });
    await strict.query(one);
    const answer = strict.query({ text: 'select pg_sleep(0.05)' });
    // Sent with this turn; it is answered while nobody can look.
    await new Promise(setImmediate);
    standStill(1500);
    expect((await answer).count).toBe(1);
  });

  it('has no more statements at once than connections', async () => {
    const small = own.open({ maxConnections: 1, connectTimeoutMs: 500 });
    await untilAnswered(small);
    const codes = await small.transaction(async () => [await codeOf(small.query(one))]);
    expect([...codes, await codeOf(small.query(one))]).toEqual(['STORE_UNAVAILABLE', undefined]);
  });

  it('is not available while it takes no writes, and is again when it does', async () => {
    await database.query({ text: `alter database ${own.name} set default_transaction_read_only = on` });
    await own.killConnections();
    await untilAnswered(database);
    expect(await codeOf(database.execute(insert))).toBe('STORE_UNAVAILABLE');
    const administrator = await own.connect();
    await administrator.query(
      `begin read write; alter database ${own.name} reset default_transaction_read_only; commit`,
    );
    await administrator.end();
    await own.killConnections();
    await untilAnswered(database);
    expect((await database.execute(insert)).count).toBe(1);
  });

  it.each([
    ['a query', 'STORE_UNAVAILABLE', (own: Database) => own.query({ text: DIE })],
    ['a statement of its own', 'STORE_OUTCOME_UNKNOWN', (own: Database) => own.execute({ text: DIE })],
    ['a transaction', 'STORE_UNAVAILABLE', (own: Database) => own.transaction((own) => own.query({ text: DIE }))],
    ['a commit', 'STORE_OUTCOME_UNKNOWN', (own: Database) => own.transaction(dieAtCommit)],
  ])('says what may have been done when its connection is lost in %s', async (_what, code, work) => {
    expect(await codeOf(work(database))).toBe(code);
    expect((await database.query(one)).count).toBe(1);
  });

  describe('behind a way that can be blocked', () => {
    let proxy: StallingProxy;
    let far: Database;

    beforeEach(async () => {
      proxy = new StallingProxy(new URL(server));
      await proxy.open();
      far = own.open({ url: proxy.urlOf(own.url), statementTimeoutMs: 200, connectTimeoutMs: 200 });
    });
    afterEach(() => proxy.close());

    it('gives up a server that says nothing more, and comes back to it', async () => {
      await untilAnswered(far);
      proxy.stall();
      expect(await codeOf(far.execute(insert))).toBe('STORE_OUTCOME_UNKNOWN');
      expect(await codeOf(far.execute(insert))).toBe('STORE_UNAVAILABLE');
      proxy.resume();
      await untilAnswered(far);
    });

    it('lets nobody wait for a server that has fallen silent, until it answers again', async () => {
      const patient = own.open({ url: proxy.urlOf(own.url), statementTimeoutMs: 200, connectTimeoutMs: 600_000 });
      await Promise.all([untilAnswered(patient), untilAnswered(patient), untilAnswered(patient)]);
      proxy.stall();
      expect(await codeOf(patient.execute(insert))).toBe('STORE_OUTCOME_UNKNOWN');
      const codes = await Promise.all(Array.from({ length: 50 }, () => codeOf(patient.query(one))));
      expect(new Set(codes)).toEqual(new Set(['STORE_UNAVAILABLE']));
      proxy.resume();
      await untilAnswered(patient);
    });

    it('lets nobody go on waiting for a connection when it has fallen silent', async () => {
      const connectTimeoutMs = 600_000;
      const small = own.open({
        ...{ url: proxy.urlOf(own.url), maxConnections: 1, statementTimeoutMs: 200, connectTimeoutMs },
      });
      await small.query(one);
      proxy.stall();
      const codes = await Promise.all(Array.from({ length: 5 }, () => codeOf(small.query(one))));
      expect(new Set(codes)).toEqual(new Set(['STORE_UNAVAILABLE']));
      proxy.resume();
      await untilAnswered(small);
    });

    it('is not available while nobody answers its address', async () => {
      await untilAnswered(far);
      await proxy.close();
      expect(await codeOf(untilRefused(far))).toBe('STORE_UNAVAILABLE');
      expect(await codeOf(far.transaction((transaction) => transaction.query(one)))).toBe('STORE_UNAVAILABLE');
      await proxy.open();
      await untilAnswered(far);
    });
  });
});

const DIE = 'select pg_terminate_backend(pg_backend_pid())';

async function dieAtCommit(transaction: { script(text: string): Promise<void> }): Promise<void> {
  await transaction.script(`
    create function die() returns trigger language plpgsql as $$ begin ${DIE.replace('select', 'perform')}; return null; end $$;
    create constraint trigger last after insert on words deferrable initially deferred for each row execute function die();
    insert into words values ('b')`);
}

function standStill(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}

async function untilAnswered(database: Database): Promise<void> {
  await until('the database answers', async () => {
    const code = await codeOf(database.query(one));
    expect([undefined, 'STORE_UNAVAILABLE']).toContain(code);
    return code === undefined;
  });
}

async function untilRefused(database: Database): Promise<never> {
  for (;;) await database.query(one);
}
