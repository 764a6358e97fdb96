import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { query, until } from '@rookery/testkit';
import type { ClusterDescription } from '../src/cluster-file.js';
import { booksOfLedger, booksOfServices, type LedgerBooks } from './ledger-books.js';
import { OrderLoad } from './order-load.js';
import { RunningCluster } from './running-cluster.js';

const PATIENCE_MS = 60_000;
const ROUNDS = 4;

let cluster: RunningCluster;
let description: ClusterDescription;

beforeAll(async () => {
  // The storefront brings no shoppers of its own: those of the test go on while it is dead.
  cluster = new RunningCluster(['--rate', '0', '--log-level', 'warn']);
  description = await cluster.ready();
  await until('the shelves are filled', areShelvesFilled, PATIENCE_MS);
}, 150_000);

afterAll(() => cluster.cleanUp());

/** The storefront fills them a while after it has started: killed before, it would have nothing to sell in any round. */
async function areShelvesFilled(): Promise<boolean> {
  const { received } = await booksOfServices(description.databases);
  return ['tea', 'mug'].every((sku) => sku in received);
}

interface Alarm {
  readonly name: string;
  readonly state: string;
  readonly summary: string;
}

const pidOf = (id: string): number => cluster.instance(id)?.pid ?? 0;

async function killAndBack(...ids: readonly string[]): Promise<void> {
  const killed = new Map(ids.map((id) => [id, pidOf(id)]));
  for (const pid of killed.values()) process.kill(pid, 'SIGKILL');
  const areBack = (): boolean => [...killed].every(([id, pid]) => ![0, pid].includes(pidOf(id)));
  await until(`${ids.join(' and ')} are back`, areBack, PATIENCE_MS);
}

/** The ledger as soon as it has everything; what it lacks, or has too much, when that does not come. */
async function settledBooks(): Promise<{ readonly ledger: LedgerBooks; readonly services: LedgerBooks }> {
  let books = {
    ledger: await booksOfLedger(description.databases),
    services: await booksOfServices(description.databases),
  };
  const agree = async (): Promise<boolean> => {
    books = {
      ledger: await booksOfLedger(description.databases),
      services: await booksOfServices(description.databases),
    };
    return isDeepStrictEqual(books.ledger, books.services);
  };
  await until('the ledger has everything', agree, PATIENCE_MS).catch(() => undefined); // What it has, is looked at anyway.
  return books;
}

/** The ledger of a storefront that stands still: what it had sent before it was stopped is written, or never comes. */
async function restingLedger(): Promise<LedgerBooks> {
  let books = await booksOfLedger(description.databases);
  const isAtRest = async (): Promise<boolean> => {
    const before = books;
    books = await booksOfLedger(description.databases);
    return isDeepStrictEqual(books, before);
  };
  await until('the ledger is at rest', isAtRest, PATIENCE_MS);
  return books;
}

async function inLedger(statement: string): Promise<void> {
  await query(description.databases['storefront'] ?? '', statement);
}

describe('the ledger of the storefront', () => {
  it('has each event of orders and inventory once, however often both sides are killed', async () => {
    const load = new OrderLoad(description);
    for (let round = 0; round < ROUNDS; round++) {
      await load.untilEnded(16);
      await killAndBack('storefront-1', `orders-${1 + (round % 2)}`);
    }
    await load.untilEnded(16);
    await load.end();
    const { ledger, services } = await settledBooks();
    expect(ledger).toEqual(services);
    expect(ledger.open).toBe(0);
    expect(Object.keys(ledger.ends)).toEqual(
      expect.arrayContaining([
        'ORDER_STATUS_CONFIRMED CANCEL_REASON_UNSPECIFIED',
        'ORDER_STATUS_CANCELLED CANCEL_REASON_PAYMENT_DECLINED',
        'ORDER_STATUS_CANCELLED CANCEL_REASON_NO_PRICE',
      ]),
    );
  });

  it('is waited for by nobody: orders go on while the storefront stands still, and it has them all later', async () => {
    const load = new OrderLoad(description);
    await load.untilEnded(16);
    process.kill(pidOf('storefront-1'), 'SIGSTOP');
    const before = await restingLedger();
    await load.untilEnded(100);
    expect(await booksOfLedger(description.databases)).toEqual(before);
    process.kill(pidOf('storefront-1'), 'SIGCONT');
    await load.end();
    const { ledger, services } = await settledBooks();
    expect(ledger).toEqual(services);
  });

  it('raises an alarm when it cannot take an event, which says what and where, and goes on when it can', async () => {
    const alarms = async (): Promise<readonly string[]> => {
      const { active } = (await (await fetch(`${description.monitor}/api/alarms`)).json()) as { active: Alarm[] };
      return active.filter(({ state }) => state === 'firing').map(({ name, summary }) => `${name}: ${summary}`);
    };
    const load = new OrderLoad(description);
    await inLedger('alter table ledger.ends rename to lost');
    const isTold = async (): Promise<boolean> => (await alarms()).some((one) => one.startsWith('TaskStopped'));
    await until('the monitor says so', isTold, PATIENCE_MS);
    expect((await alarms()).join()).toMatch(
      /TaskStopped: storefront: consumer sales stands still at storefront-1 \(EVENT_NOT_HANDLED\): .*rookery\.orders\.v1\.Order.* relation "ledger\.ends" does not exist/,
    );
    await inLedger('alter table ledger.lost rename to ends');
    await until('the alarm is over', async () => !(await isTold()), PATIENCE_MS);
    await load.end();
    const { ledger, services } = await settledBooks();
    expect(ledger).toEqual(services);
  });
});
