import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { audit } from './audit.js';
import { type Books, readBooks } from './books.js';
import type { RunningSystem, SaleOptions } from './command-line.js';
import { unlessAborted } from './interruption.js';
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

const RECEIVE_LIMIT_MS = 30_000;
const RECEIVE_RETRY_MS = 200;
/** What shoppers gave up on, such as an order whose answer never came, may still be on its way. */
const SETTLE_LIMIT_MS = 60_000;

/** Rejects when it is interrupted, as soon as its own cluster has ended; what shoppers do meanwhile nobody looks at. */
export async function runFlashSale(
  options: SaleOptions,
  say: (line: string) => void,
  interrupted: AbortSignal,
): Promise<SaleOutcome> {
  if (options.running !== undefined) return unlessAborted(interrupted, play(options, options.running, undefined, say));
  const cluster = new OwnCluster();
  try {
    say('starting a cluster');
    const system = await unlessAborted(interrupted, cluster.ready());
    return await unlessAborted(interrupted, play(options, system, cluster, say));
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
  // Of its own, so that whatever else was sold in a running system does not count: pricing knows variants by their article.
  const sku = `tea.sale-${randomUUID()}`;
  const shop = new ShopClient(system.gateway, system.token);
  const killer = new Killer(options.kills, (service) => cluster?.kill(service, random) ?? false, random);
  const sale = new Sale(shop, { ...options, sku, random, isUneventful: () => killer.isDone });
  const end = new AbortController();
  try {
    await receive(shop, sku, options.units);
    say(`selling ${options.units} units to ${options.shoppers} shoppers`);
    const startedAt = performance.now();
    const killing = killer.run(end.signal);
    await sale.run();
    end.abort();
    await killing;
    const seconds = (performance.now() - startedAt) / 1000;
    const books = await settledBooks(system, sku, options.units, sale.tally.accepted);
    return outcomeOf(books, sale, options.units, { kills: killer.kills, seconds });
  } finally {
    end.abort();
    shop.close();
  }
}

/** The goods come in: once, however often it has to be said. */
async function receive(shop: ShopClient, sku: string, quantity: number): Promise<void> {
  const key = randomUUID();
  const endsAt = performance.now() + RECEIVE_LIMIT_MS;
  for (;;) {
    const { body, status } = await shop.post(`/v1/stock/${sku}:receive`, { quantity }, key);
    if (status === 200) return;
    if (performance.now() > endsAt) throw new Error(`no stock could be received: ${status} ${JSON.stringify(body)}`);
    await pause(RECEIVE_RETRY_MS);
  }
}

async function settledBooks(
  { databases }: RunningSystem,
  sku: string,
  units: number,
  accepted: ReadonlySet<string>,
): Promise<Books> {
  const endsAt = performance.now() + SETTLE_LIMIT_MS;
  for (;;) {
    try {
      const books = await readBooks(databases, sku);
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
