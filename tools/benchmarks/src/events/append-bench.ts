import type { Bench } from '../bench.js';
import type { Cast } from '../cast.js';
import { type Participant, participantEntry } from '../participant.js';
import type { Subject } from '../rounds.js';
import type { Sample } from '../series.js';
import { createDatabase } from './bench-database.js';
import { pgbenchSubject } from './pgbench.js';

/** Appends of one event each, beside what writes its rows one by one. */
export const appendBench: Bench = {
  name: 'append',
  about: 'one durable event with its expected version',
  legend:
    'CPU µs: user and system time of the client for each append; answered: with the answer of a command; ' +
    'pgbench: as many at once as the server has connections',
  reference: 'rookery',
  cost: 'time',
  concurrencies: [64, 256],
  // Whole seconds, because of pgbench.
  seconds: 2,
  rounds: 5,
  start: async (cast) => {
    const url = await createDatabase(cast);
    return [
      await appendSubject(cast, 'rookery', url),
      await appendSubject(cast, 'answered', url, 'answers'),
      await pgbenchSubject(cast, url),
    ];
  },
};

/** A process with an event store, called by so many at once. */
export async function appendSubject(cast: Cast, name: string, url: URL, ...extra: string[]): Promise<Subject> {
  const entry = participantEntry('events/rookery-appends');
  const client = cast.spawn({ name, entry, args: [url.href, ...extra] });
  await client.ready();
  return { name, measure: (concurrency = 64, millis) => measure(client, concurrency, millis) };
}

/** To stand beside what is measured in events alone. */
export async function appendsWithoutLatency(cast: Cast): Promise<Subject> {
  const appends = await appendSubject(cast, 'append', await createDatabase(cast));
  return {
    name: appends.name,
    measure: async (concurrency, millis) => {
      const { cpuMicros, parts, perSecond } = await appends.measure(concurrency, millis);
      return { cpuMicros, parts, perSecond };
    },
  };
}

async function measure(client: Participant, concurrency: number, millis: number): Promise<Sample> {
  const load = await client.load(concurrency, millis);
  return {
    perSecond: (load.calls / load.millis) * 1000,
    cpuMicros: load.cpuMicros / load.calls,
    p50Millis: load.p50Millis,
    p99Millis: load.p99Millis,
    parts: {},
  };
}
