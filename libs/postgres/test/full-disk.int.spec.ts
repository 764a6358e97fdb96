import { randomBytes } from 'node:crypto';
import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codeOf, happened, one, readAll } from '@rookery/eventsourcing/testing';
import { PrivatePostgres } from '@rookery/testkit';
import pg from 'pg';
import { Database, eventStoreMigrations, migrate, PostgresEventStore } from '../src/index.js';

const disk = process.env['SMALL_DISK'] ?? '';
const BALLAST_BYTES = 16 << 20;
const EVENT_BYTES = 200_000;

const postgres = new PrivatePostgres();
let folder: string;
let ballast: string;
let database: Database;
let store: PostgresEventStore;

/** A database whose tables are on the small disk; what the server needs to go on at all is not. */
async function makeDatabase(): Promise<string> {
  const administrator = new pg.Client({ connectionString: postgres.url });
  await administrator.connect();
  const { rows } = await administrator.query<{ data_directory: string }>('show data_directory');
  const { gid, uid } = statSync(rows[0]?.data_directory ?? '');
  chownSync(folder, uid, gid);
  await administrator.query(`create tablespace small location '${folder}'`);
  await administrator.query('create database sale tablespace small');
  await administrator.end();
  const url = new URL(postgres.url);
  url.pathname = '/sale';
  return url.href;
}

beforeAll(async () => {
  folder = mkdtempSync(join(disk, 'tables-'));
  ballast = join(disk, `${folder.slice(disk.length + 1)}-ballast`);
  writeFileSync(ballast, Buffer.alloc(BALLAST_BYTES));
  await postgres.start();
  database = new Database({ url: await makeDatabase(), applicationName: 'a test' });
  await migrate(database, [eventStoreMigrations]);
  store = await PostgresEventStore.open(database);
});

afterAll(async () => {
  await store?.close();
  await database?.close();
  await postgres.close();
  for (const path of [ballast, folder]) rmSync(path, { recursive: true, force: true });
});

/** Appends until the store takes no more; gives the streams that it took. */
async function fill(): Promise<readonly string[]> {
  const taken: string[] = [];
  for (;;) {
    const stream = `parcel-${taken.length}`;
    const event = happened('Packed', { text: randomBytes(EVENT_BYTES).toString('base64') });
    const code = await codeOf(store.append({ ...one(stream), events: [event] }));
    if (code === undefined) taken.push(stream);
    else {
      expect(code).toBe('STORE_UNAVAILABLE');
      return taken;
    }
  }
}

describe('an event store whose disk is full', () => {
  it('is not available, keeps what it acknowledged, and goes on when there is room again', async () => {
    const taken = await fill();
    expect(taken.length).toBeGreaterThan(10);
    const streams = async () => (await readAll(store, 10, () => true)).map(({ stream }) => stream);
    expect(await streams()).toEqual(taken);
    rmSync(ballast);
    expect(await store.append(one(`parcel-${taken.length}`))).toEqual({ status: 'appended', version: 1 });
    expect(await streams()).toEqual([...taken, `parcel-${taken.length}`]);
  });
});
