import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { contractDigest } from '@rookery/contracts/nest';
import type { Instance } from '@rookery/discovery';
import { LINK_CAPABILITY } from '@rookery/rpc';
import type { ServiceConfig } from './service.config.js';
import type { ServiceIdentity } from './service-identity.js';

export interface BoundPorts {
  readonly grpc: number;
  readonly http: number;
  /** Further listeners of the app, by protocol. */
  readonly others: Readonly<Record<string, number>>;
}

export interface Served {
  /** Full names of its proto services. */
  readonly services: readonly string[];
  /** Beside the link. */
  readonly capabilities: readonly string[];
}

/** This process as the registry shall know it. */
export function ownInstance(
  config: ServiceConfig,
  identity: ServiceIdentity,
  ports: BoundPorts,
  served: Served,
  startedAt: number,
): Instance {
  const host = config.ADVERTISE_HOST ?? advertisedHost(config.BIND_HOST, Object.values(networkInterfaces()).flat());
  const isSecure = config.TLS_CERT_FILE !== undefined;
  const others = Object.entries(ports.others).map(([name, port]) => [name, { host, port, isSecure: false }] as const);
  return {
    id: identity.instanceId,
    service: identity.service,
    incarnation: identity.incarnation,
    version: identity.version,
    zone: config.ZONE,
    weight: config.WEIGHT,
    startedAt,
    endpoints: {
      grpc: { host, port: ports.grpc, isSecure },
      http: { host, port: ports.http, isSecure },
      ...Object.fromEntries(others),
    },
    capabilities: [LINK_CAPABILITY, ...served.capabilities],
    contractDigest: contractDigest(served.services),
  };
}

/** A wildcard is no address to call: then the first outside IPv4 address, or the host's only one, is it. */
export function advertisedHost(bindHost: string, addresses: readonly (NetworkInterfaceInfo | undefined)[]): string {
  if (bindHost !== '0.0.0.0' && bindHost !== '::') return bindHost;
  const outside = addresses.find((one) => one !== undefined && !one.internal && one.family === 'IPv4');
  return outside?.address ?? '127.0.0.1';
}
