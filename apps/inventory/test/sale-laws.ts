import { query } from '@rookery/testkit';
import type { SaleCluster } from './sale-cluster.js';
import type { SaleCall, SaleLoad } from './sale-load.js';

/** How long a host takes its state for current. */
const LEASE_MS = 1000;
/**
 * Of a call beyond its deadline: all processes share few cores, and the test's own is one of them. Less than any deadline here:
 * nobody is given two.
 */
const SLACK_MS = 2000;

interface Row {
  readonly version: number;
  readonly type: string;
  readonly order: string | null;
  readonly quantity: number;
  /** The command that it was recorded for. */
  readonly command: string | null;
  readonly recorded: string | null;
}

const READ = `
  select e.version::int, e.type, e.data->>'orderId' as order, (e.data->>'quantity')::int as quantity,
         e.metadata->>'commandId' as command, a.command_id as recorded
    from event_store.events e
    left join event_store.answered_commands a
      on a.stream = e.stream and e.version > a.from_version and e.version <= a.to_version
   where e.stream = $1 order by e.version`;

/** A SKU's events, as the database has them, each with the command that it was recorded for. */
export function ledgerOf({ postgres }: SaleCluster, sku: string): Promise<readonly Row[]> {
  return query(postgres.url, READ, [`stock-${sku}`]);
}

/** Events that are missing, are twice, or belong to no command or another one. */
export function faultsOfLedger(ledger: readonly Row[]): readonly string[] {
  const ends = new Set<string>();
  return ledger.flatMap(({ command, order, recorded, type, version }, index) => {
    const end = `${type} of ${order}`;
    const isTwice = order !== null && ends.has(end);
    ends.add(end);
    return [
      ...(version === index + 1 ? [] : [`version ${version} at place ${index + 1}`]),
      ...(isTwice ? [`${end} twice`] : []),
      ...(command === recorded ? [] : [`${end} is of ${command}, recorded for ${recorded}`]),
    ];
  });
}

/** What was acknowledged and is not in the database. */
export function lostOf(calls: readonly SaleCall[], ledger: readonly Row[]): readonly string[] {
  const happened = new Set(ledger.map(({ order, type }) => `${type} ${order}`));
  const types = { reserve: 'StockReserved', commit: 'StockCommitted' };
  return calls.flatMap(({ kind, orderId, what }) =>
    what === 'look' || kind !== 'OK' || happened.has(`${types[what]} ${orderId}`) ? [] : [`${what} of ${orderId}`],
  );
}

/** The units of a SKU, added up from its events. */
export function unitsIn(ledger: readonly Row[]) {
  const sum = (type: string): number =>
    ledger.filter((row) => row.type === type).reduce((units, { quantity }) => units + quantity, 0);
  const [received, taken, sold] = [sum('StockReceived'), sum('StockReserved'), sum('StockCommitted')];
  return { received, available: received - taken, reserved: taken - sold, sold };
}

/** Looks that show less than all knew a lease before they began. */
export function staleOf(calls: readonly SaleCall[]): readonly string[] {
  const sales = calls.filter(({ kind, what }) => what === 'commit' && kind === 'OK');
  return calls.flatMap(({ sold, startedAt }) => {
    const known = sales.filter(({ endedAt }) => endedAt < startedAt - LEASE_MS).length;
    return sold === undefined || sold >= known ? [] : [`${sold} sold at ${startedAt}, after ${known}`];
  });
}

/** How calls ended: `OK`, or the kind of the failure. */
export function kindsOf(calls: readonly SaleCall[]): readonly string[] {
  return [...new Set(calls.map(({ kind }) => kind))].sort();
}

/** Calls that were still open when their deadline was long over. */
export function lateOf({ calls, timeoutMs }: SaleLoad): readonly SaleCall[] {
  return calls.filter(({ endedAt, startedAt }) => endedAt - startedAt > timeoutMs + SLACK_MS);
}
