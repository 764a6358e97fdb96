import type { EventMetadata } from '@rookery/eventsourcing';
import { query } from '@rookery/testkit';

/** What happened in a stream, as the database has it. */
export async function storedEvents(url: string, stream: string): Promise<readonly string[]> {
  const rows = await rowsOf(url, stream);
  return rows.map(({ type }) => type);
}

/** What is known of where the events of a stream come from. */
export async function storedMetadata(url: string, stream: string): Promise<readonly EventMetadata[]> {
  const rows = await rowsOf(url, stream);
  return rows.map(({ metadata }) => metadata);
}

interface Row {
  readonly type: string;
  readonly metadata: EventMetadata;
}

function rowsOf(url: string, stream: string): Promise<readonly Row[]> {
  return query(url, 'select type, metadata from event_store.events where stream = $1 order by version', [stream]);
}
