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

type Listen = (this: Server, options: object, onListening?: () => void) => Server;

/** Moleculer's transporter has no setting for the address that it listens on, and would take them all. */
function listenOnLoopback(): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its server below
  const listen = Server.prototype.listen as Listen;
  const onLoopback: Listen = function (options, onListening) {
    return listen.call(this, { host: '127.0.0.1', ...options }, onListening);
  };
  Server.prototype.listen = onLoopback as Server['listen'];
}
