/** What the status line shows. Undefined: not known at the moment. */
export interface ClusterStatus {
  readonly up: number;
  readonly expected: number;
  /** Calls that the shoppers made, and how many of them failed, since the cluster started. */
  readonly calls: number | undefined;
  readonly errors: number | undefined;
  /** Alarms that are firing, by name. */
  readonly alarms: readonly string[] | undefined;
}

/** One line for people; `previous` was taken `elapsedMs` earlier. */
export function statusLine(now: ClusterStatus, previous: ClusterStatus | undefined, elapsedMs: number): string {
  const errors = now.errors === undefined ? [] : [`${now.errors} ${now.errors === 1 ? 'error' : 'errors'}`];
  return [`${now.up}/${now.expected} up`, rate(now, previous, elapsedMs), ...errors, alarms(now.alarms)].join(' · ');
}

function rate(now: ClusterStatus, previous: ClusterStatus | undefined, elapsedMs: number): string {
  if (now.calls === undefined) return 'no shoppers';
  // Fewer calls than before: the shoppers' process was started again and counts from 0.
  if (previous?.calls === undefined || elapsedMs <= 0 || now.calls < previous.calls) return '– calls/s';
  return `${Math.round(((now.calls - previous.calls) * 1000) / elapsedMs)} calls/s`;
}

function alarms(names: readonly string[] | undefined): string {
  if (names === undefined) return 'alarms unknown';
  if (names.length === 0) return 'no alarms';
  return `${names.length} ${names.length === 1 ? 'alarm' : 'alarms'}: ${names.join(', ')}`;
}
