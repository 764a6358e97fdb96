import type { EventMetadata, LoggedEvent, LogQuery, LogSlice, StoredEvent, StreamSlice } from '@rookery/eventsourcing';
import { DomainError } from '@rookery/runtime';

/** A row of a slice; in the first one `stream` is null, and it tells of the whole. */
export interface SliceRow {
  readonly stream: string | null;
  readonly version: number;
  readonly position: number;
  /** In the first row of a slice of the log: its epoch. */
  readonly type: string;
  readonly schema: number;
  readonly data: StoredEvent;
  readonly metadata: EventMetadata;
  readonly recorded_ms: number;
}

export function streamSliceOf(rows: readonly SliceRow[]): StreamSlice {
  const { events, head } = split(rows);
  return { events, version: head.version };
}

export function logSliceOf(rows: readonly SliceRow[], { after, categories, limit }: LogQuery): LogSlice {
  const { events, head: first } = split(rows);
  const { position: head, type: epoch } = first;
  const from = after?.position ?? 0;
  if (after !== undefined && (after.epoch !== epoch || from > head)) {
    const found = `epoch ${epoch} and ends at ${head}`;
    const message = `the log is another one: it has ${found}, not epoch ${after.epoch} with position ${from}`;
    throw new DomainError('LOG_REPLACED', message);
  }
  const end = Math.min(from + limit, head);
  if (categories === undefined) requireAll(events, from, end);
  return { events, end: { epoch, position: end }, head };
}

function split(rows: readonly SliceRow[]): { head: SliceRow; events: readonly LoggedEvent[] } {
  const [head, ...others] = rows;
  if (head === undefined || head.stream !== null) throw new Error('a slice without its first row');
  return { head, events: others.map(loggedEventOf) };
}

function loggedEventOf(row: SliceRow): LoggedEvent {
  return {
    stream: row.stream ?? '',
    version: row.version,
    position: row.position,
    event: row.data,
    schema: row.schema,
    metadata: row.metadata,
    recordedAt: Math.floor(row.recorded_ms),
  };
}

/** Positions have no gaps, so a missing one is damage, and passing over it would hide that. */
function requireAll(events: readonly LoggedEvent[], from: number, to: number): void {
  const gap = events.findIndex(({ position }, index) => position !== from + index + 1);
  const missing = gap >= 0 ? from + gap + 1 : from + events.length + 1;
  if (gap < 0 && events.length === to - from) return;
  throw new DomainError('LOG_DAMAGED', `position ${missing} is missing in the log`, { kind: 'data-loss' });
}
