import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { InventoryServiceClient } from '@rookery/contracts/nest';
import { lasted, PATIENCE_MS } from './patience.js';
import { SaleCluster } from './sale-cluster.js';
import { faultsOfLedger, kindsOf, lateOf, ledgerOf, lostOf, staleOf, unitsIn } from './sale-laws.js';
import { SaleLoad } from './sale-load.js';

const UNITS = 1_000_000;
/** Longer than any statement may take. */
const OUTAGE_MS = 8000;
/** Longer than a copy is waited for by the other. */
const STANDSTILL_MS = 10_000;

const cluster = new SaleCluster();
let load: SaleLoad | undefined;

beforeAll(() => cluster.start());
afterEach(async () => {
  cluster.postgres.resume();
  await load?.abandon();
});
afterAll(() => cluster.close());

/** A new SKU that is sold to many at once. */
async function sell(timeoutMs?: number): Promise<SaleLoad> {
  const sku = `hot-${randomUUID()}`;
  const inventory = cluster.rpc.client(InventoryServiceClient);
  await inventory.receiveStock({ sku, quantity: UNITS }, { token: cluster.token, timeoutMs: PATIENCE_MS });
  const sale = (load = new SaleLoad(cluster, sku, timeoutMs));
  await sale.untilWritten(100);
  return sale;
}

/**
 * It goes well again; nothing that was acknowledged is lost, nothing was done twice, nothing was shown as it had long been, and
 * no call was open beyond its deadline. Gives the ends that calls had.
 */
async function expectSound(load: SaleLoad): Promise<readonly string[]> {
  const { sku } = load;
  await load.untilWritten(200);
  const calls = await load.end();
  const ledger = await ledgerOf(cluster, sku);
  expect(faultsOfLedger(ledger)).toEqual([]);
  expect(lostOf(calls, ledger)).toEqual([]);
  expect(staleOf(calls)).toEqual([]);
  expect(lateOf(load)).toEqual([]);
  const { stock } = await cluster.rpc.client(InventoryServiceClient).getStock({ sku }, { token: cluster.token });
  expect(stock).toEqual({ sku, ...unitsIn(ledger) });
  return kindsOf(calls);
}

describe('inventory, while it sells', () => {
  it('is not hurt by the end of all its connections to the database', async () => {
    const load = await sell();
    for (let round = 0; round < 5; round++) {
      expect(await cluster.endConnections()).toBeGreaterThan(0);
      await load.untilWritten(50);
    }
    const ends = await expectSound(load);
    expect(ends.filter((kind) => kind !== 'OK' && kind !== 'unavailable')).toEqual([]);
  });

  it.each([
    ['longer', undefined],
    ['less', 2500],
  ])(
    'says in time that it is unavailable to who waits %s than a statement may take, while the database stands still',
    async (_which, timeoutMs) => {
      const load = await sell(timeoutMs);
      cluster.postgres.pause();
      await Promise.all([lasted(OUTAGE_MS), load.untilTold('unavailable')]);
      cluster.postgres.resume();
      expect(await expectSound(load)).toEqual(['OK', 'unavailable']);
    },
  );

  it('says so too while the database is gone, and has all that it acknowledged when it is back', async () => {
    const load = await sell();
    await cluster.postgres.kill();
    await Promise.all([lasted(OUTAGE_MS), load.untilTold('unavailable')]);
    await cluster.postgres.start();
    expect(await expectSound(load)).toEqual(['OK', 'unavailable']);
  });

  it('goes on elsewhere when the copy that sells stands still, which steps down when it wakes', async () => {
    const load = await sell();
    const id = await cluster.strike(load.sku, 'SIGSTOP');
    const isOver = lasted(STANDSTILL_MS);
    await load.untilWritten(200);
    await isOver;
    cluster.signal(id, 'SIGCONT');
    await cluster.untilAgreed();
    await cluster.hostOf(load.sku);
    await expectSound(load);
  });

  // The last one: that copy does not come back.
  it('goes on elsewhere when the copy that sells is killed', async () => {
    const load = await sell();
    await cluster.strike(load.sku, 'SIGKILL');
    await expectSound(load);
  });
});
