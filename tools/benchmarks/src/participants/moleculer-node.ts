import { Server } from 'node:net';
import { type BrokerOptions, ServiceBroker } from 'moleculer';

/**
 * A Moleculer node on its TCP transporter with fixed addresses: no broadcast, no discovery of strangers. `known` are
 * addresses of other nodes, as `127.0.0.1:4000/pricing`.
 */
export function moleculerNode(nodeID: string, port: number | null, known: readonly string[]): ServiceBroker {
  listenOnLoopback();
  const options: BrokerOptions = {
    nodeID,
    logger: false,
    transporter: {
      type: 'TCP',
      options: { udpDiscovery: false, port, urls: known.map((address) => `tcp://${address}`), useHostname: false },
    },
  };
  return new ServiceBroker(options);
}

type Listen = (this: Server, ...args: unknown[]) => Server;

/** Moleculer's transporter has no setting for the address that it listens on, and would take them all. */
function listenOnLoopback(): void {
  const { prototype } = Server as unknown as { readonly prototype: { listen: Listen } };
  const { listen } = prototype;
  prototype.listen = function (first, ...rest) {
    const isObject = typeof first === 'object' && first !== null;
    return listen.call(this, isObject ? { host: '127.0.0.1', ...first } : first, ...rest);
  };
}
