/**
 * Sends commands to counters, one after the other in turn. Arguments: id, port and incarnation of the instance that serves them,
 * and how many counters there are.
 */
import { CounterServiceClient } from '@rookery/contracts/nest';
import { StaticCatalogue, StaticResolver, toInstances } from '@rookery/discovery';
import { LINK_CAPABILITY, RpcClient } from '@rookery/rpc';

import { announce, callOnDemand } from '../closed-loop.js';
import { startTelemetry, system } from '../platform.js';

const [id = '', port = '', incarnation = '', grains = ''] = process.argv.slice(2);
const endpoints = { grpc: { host: '127.0.0.1', port: Number(port) } };
const provider = { id, service: 'testing', incarnation, endpoints, capabilities: [LINK_CAPABILITY] };
const catalogue = new StaticCatalogue(toInstances(JSON.stringify([provider])));
const { identity, calls } = startTelemetry('consumer');
const rpc = new RpcClient({
  ...system,
  resolver: new StaticResolver({ ...system, catalogue }),
  observer: calls,
  security: { isPlaintextAllowed: false },
  self: identity,
});
const client = rpc.client(CounterServiceClient);
const counters = Array.from({ length: Number(grains) }, (_, index) => `of-${grains}-${index}`);
let sent = 0;

// Whoever is to be called has taken its place in the cluster a moment after it is ready.
for (const counterId of counters) await client.getTotal({ counterId }, { timeoutMs: 10_000 });
callOnDemand(() => client.add({ counterId: counters[sent++ % counters.length] ?? '', amount: 1 }));
announce({});
