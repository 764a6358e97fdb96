import type { Bench } from '../bench.js';
import type { Cast } from '../cast.js';
import { participantEntry } from '../participant.js';
import type { Subject } from '../rounds.js';
import { appendsWithoutLatency } from './append-bench.js';
import { createDatabase } from './bench-database.js';

/** Reading what was written. */
export const replayBench: Bench = {
  name: 'replay',
  about: 'events read in slices of 1000, from the log or stream by stream, beside appends with 64 at once',
  legend: 'CPU µs: user and system time of the client for each event',
  reference: 'log',
  cost: 'time',
  concurrencies: [undefined],
  seconds: 1,
  rounds: 5,
  start: async (cast) => {
    const url = await createDatabase(cast);
    const appends = await appendsWithoutLatency(cast);
    return [await readSubject(cast, 'log', url), await readSubject(cast, 'streams', url), appends];
  },
};

/** What it reads has no latency that says something beside that of an append. */
async function readSubject(cast: Cast, name: string, url: URL): Promise<Subject> {
  const client = cast.spawn({ name, entry: participantEntry('events/rookery-replay'), args: [url.href, name] });
  await client.ready();
  const measure = async (_concurrency: number | undefined, millis: number) => {
    const { cpuMicros, millis: spent, operations } = await client.work(millis);
    return { perSecond: (operations / spent) * 1000, cpuMicros: cpuMicros / operations, parts: {} };
  };
  return { name, measure };
}
