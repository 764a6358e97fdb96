import { fileURLToPath } from 'node:url';

import type { Bench } from '../bench.js';
import type { Cast } from '../cast.js';
import { type Participant, participantEntry } from '../participant.js';
import { freePort } from '../participants/free-port.js';
import { PROVIDER_ID, providerList } from '../participants/provider.js';
import type { Subject } from '../rounds.js';
import type { Sample } from '../series.js';
import { startTokenIssuer } from './token-issuer.js';

/** An HTTP request with JSON that a gateway turns into a call of a provider behind it. */
export const gatewayBench: Bench = {
  name: 'gateway',
  about:
    'POST /v1/quotes as JSON over HTTP/1.1, answered by a provider behind the gateway; rookery alone checks a token',
  legend: "CPU µs: user and system time of the gateway's process for each request; its provider's stands beside it",
  reference: 'rookery',
  cost: 'cpu',
  concurrencies: [64],
  seconds: 2,
  rounds: 5,
  start: async (cast) => [
    await startRookery(cast),
    await startPeer(cast, 'nest-fastify-grpc', 'nest-grpc-server', 'nest-gateway'),
    await startPeer(cast, 'moleculer-web', 'moleculer-server', 'moleculer-gateway'),
  ],
};

async function startRookery(cast: Cast): Promise<Subject> {
  const issuer = await startTokenIssuer('pricing:read');
  cast.onStop(() => issuer.close());
  const settings = { ...issuer.settings, REGISTRY: 'static', LOG_LEVEL: 'error' };
  const environment = { ...settings, INSTANCE_ID: PROVIDER_ID };
  const provider = cast.spawn({ name: 'pricing', entry: app('pricing'), environment });
  const { grpc, incarnation } = await provider.ready();
  const port = await freePort();
  const gateway = cast.spawn({
    name: 'gateway',
    entry: app('gateway'),
    environment: {
      ...settings,
      GATEWAY_PORT: String(port),
      STATIC_INSTANCES: providerList(Number(grpc), String(incarnation)),
    },
  });
  await gateway.ready();
  return loaded(cast, 'rookery', gateway, provider, port, issuer.token);
}

async function startPeer(cast: Cast, name: string, providerName: string, gatewayName: string): Promise<Subject> {
  const provider = cast.spawn({ name: `the provider of ${name}`, entry: participantEntry(providerName) });
  const behind = await provider.ready();
  const entry = participantEntry(gatewayName);
  const gateway = cast.spawn({ name, entry, args: [String(behind['port'])] });
  const { port } = await gateway.ready();
  return loaded(cast, name, gateway, provider, Number(port), '');
}

async function loaded(
  cast: Cast,
  name: string,
  gateway: Participant,
  provider: Participant,
  port: number,
  token: string,
): Promise<Subject> {
  const generator = cast.spawn({
    name: `the load on ${name}`,
    entry: participantEntry('http-load'),
    args: [`http://127.0.0.1:${port}/v1/quotes`, token],
  });
  await generator.ready();
  return { name, measure: (concurrency = 1, millis) => measure(generator, gateway, provider, concurrency, millis) };
}

async function measure(
  generator: Participant,
  gateway: Participant,
  provider: Participant,
  concurrency: number,
  millis: number,
): Promise<Sample> {
  const before = { gateway: await gateway.cpuMicros(), provider: await provider.cpuMicros() };
  const load = await generator.load(concurrency, millis);
  const after = { gateway: await gateway.cpuMicros(), provider: await provider.cpuMicros() };
  return {
    perSecond: (load.calls / load.millis) * 1000,
    cpuMicros: (after.gateway - before.gateway) / load.calls,
    p50Millis: load.p50Millis,
    p99Millis: load.p99Millis,
    parts: {
      provider: (after.provider - before.provider) / load.calls,
      'load generator': load.cpuMicros / load.calls,
    },
  };
}

function app(name: string): string {
  return fileURLToPath(new URL(`../../../../apps/${name}/dist/main.js`, import.meta.url));
}
