import type { EventMetadata, LoggedEvent, LogQuery, LogSlice, StoredEvent, StreamSlice } from '@rookery/eventsourcing';
import { DomainError } from '@rookery/runtime';

/** A line of JSON. */
export interface SliceRow {
  readonly line: string;
}

type EventLine = readonly [
  stream: string,
  version: number,
  position: number,
  schema: number,
  recordedAt: number,
  event: StoredEvent,
  metadata: EventMetadata,
];

export function streamSliceOf(rows: readonly SliceRow[]): StreamSlice {
  const { events, first } = split<[version: number]>(rows);
  return { events, version: first[0] };
}

export function logSliceOf(rows: readonly SliceRow[], { after, categories, limit }: LogQuery): LogSlice {
  const { events, first } = split<[epoch: string, head: number]>(rows);
  const [epoch, head] = first;
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

function split<First>(rows: readonly SliceRow[]): { first: First; events: readonly LoggedEvent[] } {
  const [head, ...others] = rows;
  if (head === undefined) throw new Error('a slice without its first line');
  return { first: JSON.parse(head.line) as First, events: others.map(loggedEventOf) };
}

function loggedEventOf({ line }: SliceRow): LoggedEvent {
  const [stream, version, position, schema, recordedAt, event, metadata] = JSON.parse(line) as EventLine;
  return { stream, version, position, event, schema, metadata, recordedAt };
}

/** Positions have no gaps, so a missing one is damage, and passing over it would hide that. */
function requireAll(events: readonly LoggedEvent[], from: number, to: number): void {
  const gap = events.findIndex(({ position }, index) => position !== from + index + 1);
  const missing = gap >= 0 ? from + gap + 1 : from + events.length + 1;
  if (gap < 0 && events.length === to - from) return;
  throw new DomainError('LOG_DAMAGED', `position ${missing} is missing in the log`, { kind: 'data-loss' });
}
