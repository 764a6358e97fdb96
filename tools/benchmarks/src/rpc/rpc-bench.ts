import type { Bench } from '../bench.js';
import type { Cast } from '../cast.js';
import { type Participant, participantEntry } from '../participant.js';
import type { Subject } from '../rounds.js';
import type { Sample } from '../series.js';

/** By subject: what its two programs are called. */
const subjects: ReadonlyMap<string, string> = new Map([
  ['rookery', 'rookery'],
  ['nest-grpc', 'nest-grpc'],
  ['grpc-js', 'grpc-js'],
  ['moleculer-tcp', 'moleculer'],
]);

/** A unary call from one process to another. */
export const rpcBench: Bench = {
  name: 'rpc',
  about: 'one unary call with an order of three lines, 185 bytes a message, from one process to another',
  legend: 'CPU µs: user and system time of client plus server for each call',
  reference: 'rookery',
  cost: 'cpu',
  concurrencies: [1, 32, 128],
  seconds: 1,
  rounds: 5,
  start: async (cast) => {
    const started: Subject[] = [];
    for (const [name, program] of subjects) started.push(await startPair(cast, name, program));
    return started;
  },
};

async function startPair(cast: Cast, name: string, program: string): Promise<Subject> {
  const server = cast.spawn({ name: `the server of ${name}`, entry: participantEntry(`${program}-server`) });
  const { port, incarnation } = await server.ready();
  const client = cast.spawn({
    name: `the client of ${name}`,
    entry: participantEntry(`${program}-client`),
    args: [String(port), String(incarnation)],
  });
  await client.ready();
  return { name, measure: (concurrency = 1, millis) => measure(client, server, concurrency, millis) };
}

async function measure(client: Participant, server: Participant, concurrency: number, millis: number): Promise<Sample> {
  const before = await server.cpuMicros();
  const load = await client.load(concurrency, millis);
  const parts = { client: load.cpuMicros / load.calls, server: ((await server.cpuMicros()) - before) / load.calls };
  return {
    perSecond: (load.calls / load.millis) * 1000,
    cpuMicros: parts.client + parts.server,
    p50Millis: load.p50Millis,
    p99Millis: load.p99Millis,
    parts,
  };
}
