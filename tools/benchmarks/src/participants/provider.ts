import { type Instance, toInstances } from '@rookery/discovery';
import { LINK_CAPABILITY } from '@rookery/rpc';

export const PROVIDER_ID = 'pricing-1';

/** A pricing provider of this machine as the registry would list it. */
export function providerOf(port: number, incarnation: string): Instance {
  const [instance] = toInstances(providerList(port, incarnation));
  if (instance === undefined) throw new Error('no provider');
  return instance;
}

/** The same as the setting STATIC_INSTANCES of a service. */
export function providerList(port: number, incarnation: string): string {
  const endpoints = { grpc: { host: '127.0.0.1', port } };
  return JSON.stringify([
    { id: PROVIDER_ID, service: 'pricing', incarnation, endpoints, capabilities: [LINK_CAPABILITY] },
  ]);
}
