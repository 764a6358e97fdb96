import type { Bench } from '../bench.js';
import type { Cast } from '../cast.js';
import { type Participant, participantEntry } from '../participant.js';
import type { Subject } from '../rounds.js';
import type { Sample } from '../series.js';
import { createDatabase } from './bench-database.js';

const INSTANCE_ID = 'testing-1';

/** A command's whole way, from a caller in another process to the log and back. */
export const commandsBench: Bench = {
  name: 'commands',
  about: 'commands by rpc to grains that host aggregates, each with a durable event',
  legend: "CPU µs: user and system time of the service's process for each command; its caller's stands beside it",
  reference: 'spread',
  cost: 'time',
  concurrencies: [64],
  seconds: 2,
  rounds: 5,
  start: async (cast) => {
    const url = await createDatabase(cast);
    const service = cast.spawn({
      name: 'the service of counters',
      entry: participantEntry('commands/counter-service'),
      environment: { DATABASE_URL: url.href, INSTANCE_ID, REGISTRY: 'static', LOG_LEVEL: 'error' },
    });
    const { grpc, incarnation } = await service.ready();
    const provider = [INSTANCE_ID, String(grpc), String(incarnation)];
    return [
      await callSubject(cast, 'spread', 64, service, provider),
      await callSubject(cast, 'hot', 1, service, provider),
    ];
  },
};

async function callSubject(
  cast: Cast,
  name: string,
  grains: number,
  service: Participant,
  provider: readonly string[],
): Promise<Subject> {
  const entry = participantEntry('commands/counter-caller');
  const caller = cast.spawn({ name: `the caller of ${name}`, entry, args: [...provider, String(grains)] });
  await caller.ready();
  return { name, grains, measure: (concurrency = 64, millis) => measure(caller, service, concurrency, millis) };
}

async function measure(
  caller: Participant,
  service: Participant,
  concurrency: number,
  millis: number,
): Promise<Sample> {
  const before = await service.cpuMicros();
  const load = await caller.load(concurrency, millis);
  return {
    perSecond: (load.calls / load.millis) * 1000,
    cpuMicros: ((await service.cpuMicros()) - before) / load.calls,
    p50Millis: load.p50Millis,
    p99Millis: load.p99Millis,
    parts: { caller: load.cpuMicros / load.calls },
  };
}
