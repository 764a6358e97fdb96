/**
 * Keeps a read model of the placed orders. Arguments: the database, and `live` to follow its log, or `rebuild` to fill a new
 * generation again and again from a log of its own.
 */
import { ProjectionRunner } from '@rookery/cqrs';
import type { Append } from '@rookery/eventsourcing';
import { Database, PostgresCheckpoints, PostgresEventStore } from '@rookery/postgres';

import { workOnDemand } from '../actors/workload.js';
import { announce } from '../closed-loop.js';
import { system } from '../platform.js';
import { ORDER_PLACED } from './order-placed.js';
import { PlacedOrders } from './placed-orders.projection.js';

const ORDERS = 30_000;
const AT_ONCE = 1000;

const [url = '', what = ''] = process.argv.slice(2);
const database = new Database({ url, applicationName: 'rookery-bench' });
const store = await PostgresEventStore.open(database);
const checkpoints = new PostgresCheckpoints(database);
let generation = 0;

if (what === 'live') await followForEver();
else {
  await fillLog();
  workOnDemand({ pass: rebuild });
}
announce({});

/** A generation of the read model that is empty still. */
async function nextGeneration(): Promise<ProjectionRunner> {
  const projection = new PlacedOrders(++generation);
  const report = (error: unknown): void => fail(error);
  const runner = new ProjectionRunner({ ...system, projection, database, store, checkpoints, report });
  await runner.create();
  return runner;
}

async function followForEver(): Promise<void> {
  const runner = await nextGeneration();
  void runner.follow(new AbortController().signal, () => undefined).catch(fail);
}

async function rebuild(): Promise<number> {
  const runner = await nextGeneration();
  const end = new AbortController();
  await runner.follow(end.signal, () => {
    if (runner.lag === 0) end.abort();
  });
  return countOrders();
}

async function countOrders(): Promise<number> {
  const { rows } = await database.query<{ count: number }>({
    text: `select count(*) from read_placed_orders_${generation}.placed_orders`,
  });
  const [{ count } = { count: 0 }] = rows;
  if (count !== ORDERS) throw new Error(`of ${ORDERS} orders ${count} are in the read model`);
  return count;
}

async function fillLog(): Promise<void> {
  for (let from = 0; from < ORDERS; from += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => store.append(orderPlaced(from + index))));
  }
}

function orderPlaced(index: number): Append {
  return { stream: `order-${index}`, expectedVersion: 0, events: [ORDER_PLACED], commands: [] };
}

function fail(error: unknown): never {
  throw error;
}
