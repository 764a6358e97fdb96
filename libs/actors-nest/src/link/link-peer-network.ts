import { type PeerGate, PeerNetwork, type Route, type RouteListener } from '@rookery/actors';
import { MAX_ACTOR_PAYLOAD_BYTES, type RpcClient, type RpcServer } from '@rookery/rpc';
import type { Scheduler } from '@rookery/runtime';
import { LinkGate } from './link-gate.js';
import { processOfName } from './process-address.js';

export interface LinkPeerNetworkOptions {
  readonly client: RpcClient;
  readonly server: RpcServer;
  readonly scheduler: Scheduler;
  /** Whose actors may speak to ours, beside those of our own service. */
  readonly services?: readonly string[];
}

/** The links of rpc as the network of actors: each process speaks to others by its own link, beside its calls. */
export class LinkPeerNetwork extends PeerNetwork {
  readonly largestFrameBytes = MAX_ACTOR_PAYLOAD_BYTES;

  constructor(private readonly options: LinkPeerNetworkOptions) {
    super();
  }

  open(address: string, listener: RouteListener): Route {
    const process = processOfName(address);
    if (process !== undefined) return this.options.client.actorRoute(process, listener);
    const word = this.options.scheduler.macrotask(() => listener.gone(`${address} names no process`));
    return { room: 0, send: () => false, close: () => word.cancel() };
  }

  listen(gate: PeerGate): void {
    const { server, services } = this.options;
    server.takeActors(new LinkGate(gate), services === undefined ? {} : { services });
  }
}
