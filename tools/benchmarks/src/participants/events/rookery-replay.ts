/** Reads stored events again and again. Arguments: the database, and what is read: `log` or `streams`. */
import type { LogPosition } from '@rookery/eventsourcing';
import { Database, PostgresEventStore } from '@rookery/postgres';

import { workOnDemand } from '../actors/workload.js';
import { announce } from '../closed-loop.js';
import { ORDER_PLACED } from './order-placed.js';

const STREAMS = 100;
const EVENTS = 1000;
const SLICE = 1000;

const [url = '', what = ''] = process.argv.slice(2);
const store = await PostgresEventStore.open(new Database({ url, applicationName: 'rookery-bench' }));
const streams = Array.from({ length: STREAMS }, (_, index) => `order-${what}-${index}`);
const events = Array.from({ length: EVENTS }, () => ORDER_PLACED);
for (const stream of streams) await store.append({ stream, expectedVersion: 0, events, commands: [] });

workOnDemand({ pass: what === 'log' ? readLog : readStreams });
announce({});

async function readLog(): Promise<number> {
  let after: LogPosition | undefined;
  for (let read = 0; ;) {
    const slice = await store.readLog({ after, limit: SLICE });
    read += slice.events.length;
    after = slice.end;
    if (after.position === slice.head) return read;
  }
}

async function readStreams(): Promise<number> {
  let read = 0;
  for (const stream of streams) read += (await store.readStream(stream, 0, SLICE)).events.length;
  if (read !== STREAMS * EVENTS) throw new Error(`${read} events were read`);
  return read;
}
