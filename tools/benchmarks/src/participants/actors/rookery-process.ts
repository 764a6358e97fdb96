import { ActorSystem, Remote, WireMessages } from '@rookery/actors';
import { addressOfProcess, LinkPeerNetwork } from '@rookery/actors-nest';
import { link } from '@rookery/contracts/messages';
import { type Instance, StaticCatalogue, StaticResolver } from '@rookery/discovery';
import { LINK_CAPABILITY, RpcClient, RpcServer } from '@rookery/rpc';

import { system as parts } from '../platform.js';
import { BODY_BYTES } from './remote-workloads.js';

const SERVICE = 'bench';
/** What stands around the bytes of a message of one field. */
const FIELD_BYTES = 2;

/** `Item` is counted, `Ping` is answered with `Pong`, `Report` with how many there were, `Meet` brings the asker's port. */
export interface BenchMessage {
  readonly type: 'Item' | 'Ping' | 'Pong' | 'Report' | 'Meet';
  readonly ticket: Uint8Array;
}

/** A body of 64 bytes as protobuf. */
export const BODY = Buffer.alloc(BODY_BYTES - FIELD_BYTES, 'x');

/** A process with actors, on the links of rpc as a service has them. */
export interface ActorProcess {
  readonly actors: ActorSystem;
  readonly remote: Remote;
  readonly port: number;
  /** From now on the process of that name is listed at that port; gives its address. */
  readonly meet: (name: string, port: number) => string;
}

export async function startProcess(name: string): Promise<ActorProcess> {
  const self = { service: SERVICE, instanceId: name, incarnation: 'only' };
  const catalogue = new StaticCatalogue();
  const server = new RpcServer({
    ...{ ...parts, self, concurrencyLimit: 1000, verifier: undefined },
    startSpan: (traceparent) => traceparent,
    onHiddenError: (error) => process.stderr.write(`${String(error)}\n`),
    security: { requiresClientCertificate: false },
  });
  const resolver = new StaticResolver({ ...parts, catalogue });
  const client = new RpcClient({ ...parts, self, resolver, security: { isPlaintextAllowed: false } });
  const actors = new ActorSystem({ ...parts, address: addressOfProcess(self) });
  const codec = link.CollectRequest;
  const remote = new Remote(actors, {
    network: new LinkPeerNetwork({ client, server, scheduler: parts.scheduler }),
    messages: new WireMessages().add({ Item: codec, Ping: codec, Pong: codec, Report: codec, Meet: codec }),
  });
  const port = await server.listen('127.0.0.1', 0);
  const meet = (other: string, at: number): string => {
    catalogue.put(instanceOf(other, at));
    return addressOfProcess({ ...self, instanceId: other });
  };
  return { actors, remote, port, meet };
}

function instanceOf(id: string, port: number): Instance {
  return {
    ...{ id, service: SERVICE, incarnation: 'only', version: '1', zone: '', weight: 100, startedAt: 0 },
    endpoints: { grpc: { host: '127.0.0.1', port, isSecure: false } },
    capabilities: [LINK_CAPABILITY],
    contractDigest: '',
  };
}

/** A number as the bytes of a message. */
export function ticketOf(value: number): Uint8Array {
  return Buffer.from(String(value));
}

export function numberIn({ ticket }: BenchMessage): number {
  return Number(Buffer.from(ticket).toString());
}
