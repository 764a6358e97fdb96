import { DomainError } from '@rookery/runtime';
import type { Endpoint, Instance } from '../instance.js';
import { toInstance as toValidInstance } from '../instance.mapper.js';
import type { ConsulCheckDefinition, ConsulRegistration, ConsulServiceEntry } from './consul.client.js';

/** Consul's own limits on the metadata of a service. */
const MAX_PAIRS = 64;
const MAX_VALUE = 512;

const ENDPOINT_PREFIX = 'endpoint-';
const CAPABILITIES_PREFIX = 'capabilities-';

/** What Consul lets a service weigh that states nothing. */
const UNSTATED_WEIGHT = 1;

/** Throws DomainError INSTANCE_INVALID when Consul could not hold the instance. */
export function toRegistration(instance: Instance, check: ConsulCheckDefinition): ConsulRegistration {
  const { id, service, weight, endpoints } = toValidInstance(instance);
  // Consul shows one address; consumers that know nothing of Rookery should find gRPC there.
  const shown = endpoints['grpc'] ?? Object.values(endpoints)[0];
  return {
    ID: id,
    Name: service,
    Address: shown?.host ?? '',
    Port: shown?.port ?? 0,
    Meta: toMeta(instance),
    Weights: { Passing: weight, Warning: 1 },
    Check: check,
  };
}

/**
 * An instance that Rookery registered comes back as it was. Any other is taken by what Consul knows of every service: its
 * address is where it answers gRPC, unless its metadata says `protocol`; its weight is Consul's, 100 if it has none of its own.
 * Throws DomainError INSTANCE_INVALID for an entry that makes no sense.
 */
export function toInstance(entry: ConsulServiceEntry): Instance {
  const { ID, Service, Meta } = entry.Service;
  const meta = Meta ?? {};
  return toValidInstance({
    id: ID,
    service: Service,
    incarnation: meta['incarnation'],
    version: meta['version'],
    zone: meta['zone'],
    startedAt: Number(meta['started-at'] ?? 0),
    servedSince: meta['served-since'] === undefined ? undefined : Number(meta['served-since']),
    capabilities: capabilitiesOf(meta),
    contractDigest: meta['contract-digest'],
    ...(meta['incarnation'] === undefined ? foreignTraits(entry, meta) : ownTraits(meta)),
  });
}

type Traits = Pick<Instance, 'weight' | 'endpoints'>;

function ownTraits(meta: Readonly<Record<string, string>>): Traits {
  return { weight: Number(meta['weight']), endpoints: endpointsOf(meta) };
}

function foreignTraits({ Node, Service }: ConsulServiceEntry, meta: Readonly<Record<string, string>>): Traits {
  const { Address, Port, Weights } = Service;
  const passing = Weights?.Passing ?? UNSTATED_WEIGHT;
  return {
    weight: passing === UNSTATED_WEIGHT ? 100 : passing,
    endpoints: foreignEndpoints(meta, Address || Node.Address, Port ?? 0),
  };
}

function toMeta(instance: Instance): Record<string, string> {
  const meta: Record<string, string> = {
    incarnation: instance.incarnation,
    version: instance.version,
    zone: instance.zone,
    weight: String(instance.weight),
    'started-at': String(instance.startedAt),
    'contract-digest': instance.contractDigest,
  };
  if (instance.servedSince !== undefined) meta['served-since'] = String(instance.servedSince);
  for (const [protocol, endpoint] of Object.entries(instance.endpoints)) {
    meta[`${ENDPOINT_PREFIX}${protocol}`] = formatEndpoint(endpoint);
  }
  packWords(instance.capabilities).forEach((words, index) => (meta[`${CAPABILITIES_PREFIX}${index}`] = words));
  const isTooLong = Object.values(meta).some((value) => Buffer.byteLength(value) > MAX_VALUE);
  if (isTooLong || Object.keys(meta).length > MAX_PAIRS) {
    const message = `the instance does not fit into Consul's metadata (${MAX_PAIRS} pairs of at most ${MAX_VALUE} bytes)`;
    throw new DomainError('INSTANCE_INVALID', message, { kind: 'invalid-argument' });
  }
  return meta;
}

/** As few comma-separated texts as Consul's limit on a value allows. */
function packWords(words: readonly string[]): readonly string[] {
  const packed: string[] = [];
  for (const word of words) {
    const joined = `${packed.at(-1) ?? ''},${word}`;
    if (packed.length > 0 && Buffer.byteLength(joined) <= MAX_VALUE) packed[packed.length - 1] = joined;
    else packed.push(word);
  }
  return packed;
}

function capabilitiesOf(meta: Readonly<Record<string, string>>): readonly string[] {
  const words: string[] = [];
  for (let index = 0; meta[`${CAPABILITIES_PREFIX}${index}`] !== undefined; index++) {
    words.push(...(meta[`${CAPABILITIES_PREFIX}${index}`] ?? '').split(','));
  }
  return words.filter((word) => word !== '');
}

function endpointsOf(meta: Readonly<Record<string, string>>): Record<string, Endpoint> {
  const endpoints = Object.entries(meta)
    .filter(([key]) => key.startsWith(ENDPOINT_PREFIX))
    .map(([key, value]) => [key.slice(ENDPOINT_PREFIX.length), parseEndpoint(value)] as const);
  return Object.fromEntries(endpoints);
}

function foreignEndpoints(
  meta: Readonly<Record<string, string>>,
  host: string,
  port: number,
): Record<string, Endpoint> {
  const isSecure = meta['secure'] === 'true';
  return port === 0 ? {} : { [meta['protocol'] ?? 'grpc']: { host, port, isSecure } };
}

/** `tcp://host:port`, or `tls://` where the endpoint speaks TLS. */
function formatEndpoint({ host, port, isSecure }: Endpoint): string {
  return `${isSecure ? 'tls' : 'tcp'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function parseEndpoint(text: string): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return {
    host: url?.hostname.replace(/^\[|\]$/g, '') ?? '',
    port: Number(url?.port ?? 0),
    isSecure: url?.protocol === 'tls:',
  };
}
