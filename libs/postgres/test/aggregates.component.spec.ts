import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AggregateHost, type Aggregate, type CommandRequest, type Upcasters } from '@rookery/eventsourcing';
import { SystemClock, SystemScheduler } from '@rookery/runtime';
import { type TestDatabase, testDatabase } from '@rookery/testkit';
import { Database, eventStoreMigrations, migrate, PostgresEventStore } from '../src/index.js';

const STREAM = 'purse-1';
const [clock, scheduler] = [new SystemClock(), new SystemScheduler()];

interface Put {
  readonly type: 'Put';
  readonly amount: number;
}

interface Cents {
  readonly cents: number;
}

/** As the first version of the code had it: whole euros, under a name that nobody likes any more. */
const purseOfOld: Aggregate<{ euros: number }, Put, { type: 'MoneyPut'; euros: number }, { euros: number }> = {
  name: 'purse',
  initialState: () => ({ euros: 0 }),
  decide: (_state, { amount }) => [{ type: 'MoneyPut', euros: amount }],
  evolve: (state, { euros }) => ({ euros: state.euros + euros }),
  answer: (state) => state,
  snapshots: { schema: 1, every: 2 },
};

/** Each of its versions has left events: MoneyPut in euros, then in cents, then under another name, then with a currency. */
const upcasters: Upcasters = {
  MoneyPut: [
    ({ euros, ...event }) => ({ ...event, cents: Number(euros) * 100 }),
    (event) => ({ ...event, type: 'Received', currency: 'EUR' }),
  ],
  Received: [(event) => ({ ...event, currency: 'EUR' })],
};

const purse: Aggregate<Cents, Put, { type: 'Received'; cents: number; currency: string }, Cents> = {
  name: 'purse',
  initialState: () => ({ cents: 0 }),
  decide: (_state, { amount }) => [{ type: 'Received', cents: amount, currency: 'EUR' }],
  evolve: (state, { cents, currency }) => ({ cents: state.cents + (currency === 'EUR' ? cents : Number.NaN) }),
  answer: (state) => state,
  upcasters,
  snapshots: { schema: 2, every: 1000 },
};

let own: TestDatabase;
let database: Database;
let store: PostgresEventStore;
/** Events that were read of streams. */
let read: number;

beforeEach(async () => {
  own = await testDatabase();
  database = new Database({ url: own.url, applicationName: 'a test' });
  await migrate(database, [eventStoreMigrations]);
  store = await PostgresEventStore.open(database);
  const readStream = store.readStream.bind(store);
  read = 0;
  store.readStream = async (...query) => {
    const slice = await readStream(...query);
    read += slice.events.length;
    return slice;
  };
});

afterEach(async () => {
  await store.close();
  await database.close();
  await own.drop();
});

function hostOf<S, E extends { readonly type: string }, A>(aggregate: Aggregate<S, Put, E, A>) {
  const report = (error: unknown): void => {
    throw error;
  };
  return new AggregateHost({ aggregate, stream: STREAM, store, clock, scheduler, report });
}

function put(commandId: string, amount: number): CommandRequest<Put> {
  const request = { commandId, principal: 'ada', requestHash: `${amount}`, metadata: {} };
  return { ...request, command: { type: 'Put', amount }, deadlineAt: clock.monotonic() + 20_000 };
}

/** As if the purse had been used so often. */
async function fill(events: number): Promise<void> {
  await database.execute({
    text: `insert into event_store.events (position, version, recorded_at, schema, stream, category, type, data, metadata)
           select n, n, now(), 2, $1, 'purse', 'Received', '{"type":"Received","cents":1,"currency":"EUR"}', '{}'
             from generate_series(1, $2::bigint) as n`,
    values: [STREAM, events],
  });
}

describe('an aggregate in PostgreSQL', () => {
  it('knows what earlier versions of its code have stored, and goes on from there', async () => {
    const old = hostOf(purseOfOld);
    await old.execute(put('a', 3));
    await old.execute(put('b', 4));
    const data = [
      { type: 'MoneyPut', cents: 50 },
      { type: 'Received', cents: 7 },
    ];
    await store.append({
      ...{ stream: STREAM, expectedVersion: 2, commands: [] },
      events: data.map((event) => ({ event, schema: event.type === 'MoneyPut' ? 2 : 1, metadata: {} })),
    });
    const young = hostOf(purse);
    // A snapshot of the old code says nothing to the new one.
    expect(await young.read()).toMatchObject({ state: { cents: 757 }, version: 4, snapshotVersion: 0 });
    expect(await young.execute(put('c', 1))).toEqual({ cents: 758 });
    expect(await young.execute(put('a', 3))).toEqual({ euros: 3 });
    const { events } = await store.readStream(STREAM, 4, 10);
    expect(events).toMatchObject([{ schema: 2, event: { type: 'Received', cents: 1, currency: 'EUR' } }]);
  });

  it('of a hundred thousand events opens by its snapshot, and a hundred repeats of an old command write nothing', async () => {
    await fill(99_990);
    const one = hostOf(purse);
    expect(await one.execute(put('early', 10))).toEqual({ cents: 100_000 });
    for (let nth = 1; nth < 10; nth++) await one.execute(put(`later-${nth}`, 0));
    await one.drain();

    read = 0;
    const young = hostOf(purse);
    expect(await young.read()).toMatchObject({ state: { cents: 100_000 }, version: 100_000, snapshotVersion: 99_991 });
    expect(read).toBe(9);
    const answers = await Promise.all(Array.from({ length: 100 }, () => young.execute(put('early', 10))));
    expect(answers).toEqual(Array.from({ length: 100 }, () => ({ cents: 100_000 })));
    expect((await store.readStream(STREAM, 0, 0)).version).toBe(100_000);
    expect(read).toBe(9);
  });
});
