import { setTimeout as pause } from 'node:timers/promises';

import { Database } from '@rookery/postgres';

import type { Bench } from '../bench.js';
import type { Cast } from '../cast.js';
import { type Participant, participantEntry } from '../participant.js';
import type { Subject } from '../rounds.js';
import { appendSubject, appendsWithoutLatency } from './append-bench.js';
import { createDatabase } from './bench-database.js';

/** How often is looked how far the read model is. */
const LOOK_MS = 5;

/** A read model beside the log that feeds it. */
export const projectionBench: Bench = {
  name: 'projection',
  about: 'events applied to a read model with a row and two indexes for each, beside appends with 64 at once',
  legend:
    'CPU µs: user and system time for each event of the process that applies it, or appends it; live: while others append, ' +
    'until all is in the read model; rebuild: from a log that is there',
  reference: 'append',
  cost: 'time',
  concurrencies: [undefined],
  seconds: 2,
  rounds: 5,
  start: async (cast) => [await appendsWithoutLatency(cast), await liveSubject(cast), await rebuildSubject(cast)],
};

async function rebuildSubject(cast: Cast): Promise<Subject> {
  const client = await startProjection(cast, 'rebuild', await createDatabase(cast));
  return {
    name: 'rebuild',
    measure: async (_concurrency, millis) => {
      const { cpuMicros, millis: spent, operations } = await client.work(millis);
      return { perSecond: (operations / spent) * 1000, cpuMicros: cpuMicros / operations, parts: {} };
    },
  };
}

/** Of the appends and what follows them, until the read model is behind by nothing. */
async function liveSubject(cast: Cast): Promise<Subject> {
  const url = await createDatabase(cast);
  const appends = await appendSubject(cast, 'the appends', url);
  const client = await startProjection(cast, 'live', url);
  const database = new Database({ url: url.href, applicationName: 'rookery-bench' });
  cast.onStop(() => database.close());
  return {
    name: 'live',
    measure: async (concurrency, millis) => {
      const before = { cpu: await client.cpuMicros(), at: performance.now(), head: (await look(database)).head };
      await appends.measure(concurrency, millis);
      const head = await untilApplied(database);
      const events = head - before.head;
      const seconds = (performance.now() - before.at) / 1000;
      return { perSecond: events / seconds, cpuMicros: ((await client.cpuMicros()) - before.cpu) / events, parts: {} };
    },
  };
}

async function startProjection(cast: Cast, name: string, url: URL): Promise<Participant> {
  const entry = participantEntry('events/rookery-projection');
  const client = cast.spawn({ name, entry, args: [url.href, name] });
  await client.ready();
  return client;
}

/** Resolves with the head of the log when the read model has all of it. */
async function untilApplied(database: Database): Promise<number> {
  for (;;) {
    const { applied, head } = await look(database);
    if (applied === head) return head;
    await pause(LOOK_MS);
  }
}

async function look(database: Database): Promise<{ readonly applied: number; readonly head: number }> {
  const { rows } = await database.query<{ readonly applied: number; readonly head: number }>({
    text: `select coalesce((select max(position) from event_store.events), 0) as head,
                  coalesce((select max(position) from event_store.checkpoints), 0) as applied`,
  });
  return rows[0] ?? { applied: 0, head: 0 };
}
