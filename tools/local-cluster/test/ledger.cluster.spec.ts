import { isDeepStrictEqual } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { query, until } from '@rookery/testkit';
import type { ClusterDescription } from '../src/cluster-file.js';
import { booksOfLedger, booksOfServices, countsIn, type LedgerBooks } from './ledger-books.js';
import { OrderLoad } from './order-load.js';
import { PATIENCE_MS, RunningCluster } from './running-cluster.js';

const ROUNDS = 4;
const STATEMENTS_AT_WORK = `
  select 'active' as name, count(*)::int from pg_stat_activity
   where datname = current_database() and pid <> pg_backend_pid() and state not like 'idle%'`;

let cluster: RunningCluster;
let description: ClusterDescription;
let load: OrderLoad | undefined;

beforeAll(async () => {
  // The storefront brings no shoppers of its own: those of the test go on while it is dead.
  cluster = new RunningCluster(['--rate', '0', '--log-level', 'warn']);
  description = await cluster.ready();
  await until('the shelves are filled', areShelvesFilled, PATIENCE_MS);
});

afterEach(() => load?.abandon());

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

/** Shoppers who are at it until they are ended, or the test is. */
function shop(): OrderLoad {
  return (load = new OrderLoad(description));
}

async function killAndBack(...ids: readonly string[]): Promise<void> {
  const killed = await Promise.all(ids.map((id) => cluster.strike(id, 'SIGKILL')));
  await Promise.all(killed.map((one) => cluster.replacementOf(one)));
}

/** The ledger as soon as it has everything; what it lacks, or has too much, when that does not come. */
async function settledBooks(): Promise<{ readonly ledger: LedgerBooks; readonly services: LedgerBooks }> {
  const endsAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const ledger = await booksOfLedger(description.databases);
    const services = await booksOfServices(description.databases);
    if (isDeepStrictEqual(ledger, services) || performance.now() > endsAt) return { ledger, services };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The ledger of a storefront that stands still: what it had sent before it was stopped is written, or never comes. */
async function restingLedger(): Promise<LedgerBooks> {
  let books = await booksOfLedger(description.databases);
  const isAtRest = async (): Promise<boolean> => {
    const before = books;
    const { active } = await countsIn(description.databases['storefront'], STATEMENTS_AT_WORK);
    books = await booksOfLedger(description.databases);
    return active === 0 && isDeepStrictEqual(books, before);
  };
  await until('the ledger is at rest', isAtRest, PATIENCE_MS);
  return books;
}

async function inLedger(statement: string): Promise<void> {
  await query(description.databases['storefront'] ?? '', statement);
}

describe('the ledger of the storefront', () => {
  it('has each event of orders and inventory once, however often both sides are killed', async () => {
    const load = shop();
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
    const load = shop();
    await load.untilEnded(16);
    const { pid } = await cluster.strike('storefront-1', 'SIGSTOP');
    try {
      await load.untilEnded(16);
      const before = await restingLedger();
      await load.untilEnded(100);
      expect(await booksOfLedger(description.databases)).toEqual(before);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await load.end();
    const { ledger, services } = await settledBooks();
    expect(ledger).toEqual(services);
  });

  it('raises an alarm when it cannot take an event, which says what and where, and goes on when it can', async () => {
    let alarms: readonly string[] = [];
    const look = async (): Promise<string> => {
      const { active } = (await (await fetch(`${description.monitor}/api/alarms`)).json()) as { active: Alarm[] };
      alarms = active.filter(({ state }) => state === 'firing').map(({ name, summary }) => `${name}: ${summary}`);
      return alarms.join('\n');
    };
    const alarm =
      /^TaskStopped: storefront: consumer sales stands still at storefront-1 \(EVENT_NOT_HANDLED\): .*rookery\.orders\.v1\.Order.* relation "ledger\.ends" does not exist/m;
    const load = shop();
    await inLedger('alter table ledger.ends rename to lost');
    const told = (what: string) => () => `${what}; there are the alarms ${alarms.join('; ')}`;
    await until(told('the monitor says so'), async () => alarm.test(await look()), PATIENCE_MS);
    await inLedger('alter table ledger.lost rename to ends');
    await until(told('the alarm is over'), async () => !/^TaskStopped/m.test(await look()), PATIENCE_MS);
    await load.end();
    const { ledger, services } = await settledBooks();
    expect(ledger).toEqual(services);
  });
});
