/** What became of all orders, as the storefront's ledger has it: over restarts, as long as the database is kept. */
export interface OrderCounts {
  readonly placed: number;
  readonly confirmed: number;
  readonly soldOut: number;
  readonly declined: number;
}

/** What the status line shows. Undefined: not known at the moment. */
export interface ClusterStatus {
  readonly up: number;
  readonly expected: number;
  /** Calls that the shoppers made, and how many of them failed, since the cluster started. */
  readonly calls: number | undefined;
  readonly errors: number | undefined;
  readonly orders: OrderCounts | undefined;
  /** Alarms that are firing, by name. */
  readonly alarms: readonly string[] | undefined;
}

/** One line for people; `previous` was taken `elapsedMs` earlier. */
export function statusLine(now: ClusterStatus, previous: ClusterStatus | undefined, elapsedMs: number): string {
  const errors = now.errors === undefined ? [] : [`${now.errors} ${now.errors === 1 ? 'error' : 'errors'}`];
  const parts = [
    `${now.up}/${now.expected} up`,
    rate(now, previous, elapsedMs),
    ...errors,
    ...orders(now.orders),
    alarms(now.alarms),
  ];
  return parts.join(' · ');
}

function rate(now: ClusterStatus, previous: ClusterStatus | undefined, elapsedMs: number): string {
  if (now.calls === undefined) return 'no shoppers';
  // Fewer calls than before: the shoppers' process was started again and counts from 0.
  if (previous?.calls === undefined || elapsedMs <= 0 || now.calls < previous.calls) return '– calls/s';
  return `${Math.round(((now.calls - previous.calls) * 1000) / elapsedMs)} calls/s`;
}

/** Nothing as long as nobody has bought, as in a cluster without the services of the sale. */
function orders(counts: OrderCounts | undefined): readonly string[] {
  if (counts === undefined || counts.placed === 0) return [];
  const { confirmed, declined, placed, soldOut } = counts;
  return [`${placed} orders: ${confirmed} confirmed, ${soldOut} sold out, ${declined} declined`];
}

function alarms(names: readonly string[] | undefined): string {
  if (names === undefined) return 'alarms unknown';
  if (names.length === 0) return 'no alarms';
  return `${names.length} ${names.length === 1 ? 'alarm' : 'alarms'}: ${names.join(', ')}`;
}
