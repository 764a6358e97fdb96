import { randomBytes } from 'node:crypto';
import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { codeOf, happened, one, readAll } from '@rookery/eventsourcing/testing';
import { PrivatePostgres, query, until } from '@rookery/testkit';
import { Database, eventStoreMigrations, migrate, PostgresEventStore } from '../src/index.js';

const disk = process.env['SMALL_DISK'] ?? '';
const ballast = join(disk, 'ballast');
const BALLAST_BYTES = 16 << 20;
const EVENT_BYTES = 200_000;

let postgres: PrivatePostgres;
let database: Database;
let store: PostgresEventStore;

beforeEach(() => writeFileSync(ballast, Buffer.alloc(BALLAST_BYTES)));

afterEach(async () => {
  await store?.close();
  await database?.close();
  await postgres.close();
  rmSync(ballast, { force: true });
});

async function openStore(url: string): Promise<void> {
  database = new Database({ url, applicationName: 'a test' });
  await migrate(database, [eventStoreMigrations]);
  store = await PostgresEventStore.open(database);
}

/** Appends until the store takes no more; gives the streams that it took, and the one of which that is not known. */
async function fill(): Promise<{ readonly taken: readonly string[]; readonly unknown: string | undefined }> {
  const taken: string[] = [];
  for (;;) {
    const stream = `parcel-${taken.length}`;
    const event = happened('Packed', { text: randomBytes(EVENT_BYTES).toString('base64') });
    const code = await codeOf(store.append({ ...one(stream), events: [event] }));
    if (code === undefined) taken.push(stream);
    else {
      expect(['STORE_UNAVAILABLE', 'STORE_OUTCOME_UNKNOWN']).toContain(code);
      return { taken, unknown: code === 'STORE_OUTCOME_UNKNOWN' ? stream : undefined };
    }
  }
}

const streams = async () => (await readAll(store, 10, () => true)).map(({ stream }) => stream);

describe('an event store whose disk is full', () => {
  let folder: string;
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A database whose tables are on the small disk; what the server needs to go on at all is not. */
  async function makeDatabase(): Promise<string> {
    folder = mkdtempSync(join(disk, 'tables-'));
    const [row] = await query<{ data_directory: string }>(postgres.url, 'show data_directory');
    const { gid, uid } = statSync(row?.data_directory ?? '');
    chownSync(folder, uid, gid);
    await query(postgres.url, `create tablespace small location '${folder}'`);
    await query(postgres.url, 'create database sale tablespace small');
    const url = new URL(postgres.url);
    url.pathname = '/sale';
    return url.href;
  }

  it('is not available, keeps what it acknowledged, and goes on when there is room again', async () => {
    postgres = new PrivatePostgres();
    await postgres.start();
    await openStore(await makeDatabase());
    const { taken, unknown } = await fill();
    const known = async () => (await streams()).filter((stream) => stream !== unknown);
    expect(taken.length).toBeGreaterThan(10);
    expect(await known()).toEqual(taken);
    rmSync(ballast);
    expect(await store.append(one('letter-1'))).toEqual({ status: 'appended', version: 1 });
    expect(await known()).toEqual([...taken, 'letter-1']);
  });
});

describe('an event store whose server has no room for its own log', () => {
  it('keeps what it acknowledged, and goes on by itself when the server is back', async () => {
    postgres = new PrivatePostgres(disk);
    await postgres.start();
    await openStore(postgres.url);
    const { taken } = await fill();
    expect(taken.length).toBeGreaterThan(10);
    rmSync(ballast);
    // It has given up, or still answers: whoever looks after it starts it again.
    await postgres.stop();
    await postgres.start();
    await until(
      'the store takes events again',
      async () => (await codeOf(store.append(one('letter-1')))) === undefined,
    );
    expect((await streams()).filter((stream) => stream !== 'letter-1')).toEqual(expect.arrayContaining([...taken]));
  });
});
