import { type OrderEnd, toOrderEnd } from '../order-end.mapper.js';

/** What stands in the ledger. Ends are counted under the names that the contract has for status and reason. */
export interface LedgerEntries extends LedgerUnits {
  readonly open: number;
  readonly ends: readonly { readonly status: string; readonly reason: string; readonly orders: number }[];
}

/** By SKU. */
interface LedgerUnits {
  readonly unitsSold: Readonly<Record<string, number>>;
  readonly unitsReceived: Readonly<Record<string, number>>;
}

export const NO_ENTRIES: LedgerEntries = { open: 0, ends: [], unitsSold: {}, unitsReceived: {} };

/** What became of all orders since there is a ledger: `placed` is the sum of the ends and of those that are open. */
export interface LedgerTotals extends Readonly<Record<OrderEnd, number>>, LedgerUnits {
  readonly placed: number;
  readonly open: number;
}

export function toLedgerTotals({ ends, open, ...units }: LedgerEntries): LedgerTotals {
  const counts = { confirmed: 0, soldOut: 0, declined: 0, cancelled: 0, otherwise: 0 };
  for (const { orders, reason, status } of ends) counts[toOrderEnd(status, reason) ?? 'otherwise'] += orders;
  const ended = ends.reduce((sum, { orders }) => sum + orders, 0);
  return { placed: open + ended, open, ...counts, ...units };
}
