import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { audit } from './audit.js';
import { areAtRest, type Books, booksSince, readBooks } from './books.js';
import type { RunningSystem, SaleOptions } from './command-line.js';
import { Killer } from './killer.js';
import { OwnCluster } from './own-cluster.js';
import { Sale } from './sale.js';
import { ShopClient } from './shop.client.js';

/** What a sale came to, by the databases. */
export interface SaleResult {
  readonly orders: number;
  readonly accepted: number;
  readonly confirmed: number;
  readonly cancelled: number;
  readonly captured: number;
  readonly unitsSold: number;
  readonly reservedAtEnd: number;
  readonly kills: number;
  readonly failedCalls: number;
  readonly seconds: number;
}

export interface SaleOutcome {
  readonly result: SaleResult;
  /** What does not add up. */
  readonly broken: readonly string[];
}

/** Nobody else sells it, so that a sale adds up also beside the customers of a running system. */
const SKU = 'ticket';
const RECEIVE_LIMIT_MS = 30_000;
const RECEIVE_RETRY_MS = 200;
/** What shoppers gave up on, such as an order whose answer never came, may still be on its way. */
const SETTLE_LIMIT_MS = 60_000;

export async function runFlashSale(options: SaleOptions, say: (line: string) => void): Promise<SaleOutcome> {
  if (options.running !== undefined) return play(options, options.running, undefined, say);
  const cluster = new OwnCluster();
  try {
    say('starting a cluster');
    return await play(options, await cluster.ready(), cluster, say);
  } finally {
    await cluster.stop();
  }
}

async function play(
  options: SaleOptions,
  system: RunningSystem,
  cluster: OwnCluster | undefined,
  say: (line: string) => void,
): Promise<SaleOutcome> {
  const random = Math.random;
  const shop = new ShopClient(system.gateway, system.token);
  const killer = new Killer(options.kills, (service) => cluster?.kill(service, random) ?? false, random);
  const sale = new Sale(shop, { ...options, sku: SKU, random, isUneventful: () => killer.isDone });
  const end = new AbortController();
  try {
    const before = await booksAtRest(system);
    await receive(shop, options.units);
    const units = options.units + before.received - before.sold;
    say(`selling ${units} units to ${options.shoppers} shoppers`);
    const startedAt = performance.now();
    const killing = killer.run(end.signal);
    await sale.run();
    end.abort();
    await killing;
    const seconds = (performance.now() - startedAt) / 1000;
    const books = await settledBooks(system, before, units, sale.tally.accepted);
    return outcomeOf(books, sale, units, { kills: killer.kills, seconds });
  } finally {
    end.abort();
    shop.close();
  }
}

/** What earlier sales came to. One that was broken off is seen to its end by the services. */
async function booksAtRest({ databases }: RunningSystem): Promise<Books> {
  const endsAt = performance.now() + SETTLE_LIMIT_MS;
  for (;;) {
    const books = await readBooks(databases, SKU);
    if (areAtRest(books)) return books;
    if (performance.now() > endsAt) throw new Error(`orders of an earlier sale of ${SKU} do not end`);
    await pause(1000);
  }
}

/** The goods come in: once, however often it has to be said. */
async function receive(shop: ShopClient, quantity: number): Promise<void> {
  const key = randomUUID();
  const endsAt = performance.now() + RECEIVE_LIMIT_MS;
  for (;;) {
    const { body, status } = await shop.post(`/v1/stock/${SKU}:receive`, { quantity }, key);
    if (status === 200) return;
    if (performance.now() > endsAt) throw new Error(`no stock could be received: ${status} ${JSON.stringify(body)}`);
    await pause(RECEIVE_RETRY_MS);
  }
}

async function settledBooks(
  { databases }: RunningSystem,
  before: Books,
  units: number,
  accepted: ReadonlySet<string>,
): Promise<Books> {
  const endsAt = performance.now() + SETTLE_LIMIT_MS;
  for (;;) {
    try {
      const books = booksSince(before, await readBooks(databases, SKU));
      if (audit(books, units, accepted).length === 0 || performance.now() > endsAt) return books;
    } catch (error) {
      if (performance.now() > endsAt) throw error; // Until then a database of a running system may be on its way back.
    }
    await pause(1000);
  }
}

function outcomeOf(
  books: Books,
  { tally }: Sale,
  units: number,
  more: Pick<SaleResult, 'kills' | 'seconds'>,
): SaleOutcome {
  const ends = [...books.orders.values()];
  const sum = (count: (end: (typeof ends)[number]) => number): number =>
    ends.reduce((total, end) => total + count(end), 0);
  return {
    result: {
      orders: tally.sent,
      accepted: books.orders.size,
      confirmed: sum(({ confirmed }) => confirmed),
      cancelled: sum(({ cancelled }) => cancelled),
      captured: books.captured.length,
      unitsSold: books.sold,
      reservedAtEnd: books.reserved,
      kills: more.kills,
      failedCalls: tally.failedCalls,
      seconds: Math.round(more.seconds * 10) / 10,
    },
    broken: audit(books, units, tally.accepted),
  };
}
