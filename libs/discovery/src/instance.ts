/** Where an instance answers one protocol. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
}

/** One running copy of a service. Plain data; equal content means equal instance. */
export interface Instance {
  /** Unique within the registry and stable over a restart in place, such as `pricing-7f3a`. */
  readonly id: string;
  readonly service: string;
  /** New for each start of the process, so that a reused address is never taken for its former owner. Empty when the
   * registry entry does not tell (a provider that Rookery did not register). */
  readonly incarnation: string;
  readonly version: string;
  readonly zone: string;
  /** Relative share of traffic, 1 to 65535; 100 unless stated. */
  readonly weight: number;
  /** Milliseconds since the epoch, by the instance's own clock; 0 when unknown. */
  readonly startedAt: number;
  /** Since when its service has been served without a break, in milliseconds since the epoch, as the instance learnt from
   * those that served before it; so it outlives a rolling restart. Absent when unknown. */
  readonly servedSince?: number | undefined;
  /** By protocol: `grpc`, `http`. */
  readonly endpoints: Readonly<Record<string, Endpoint>>;
  /** What it can do beyond its contract, such as `link`. */
  readonly capabilities: readonly string[];
  /** Identifies the descriptor set it serves; empty when unknown. */
  readonly contractDigest: string;
}

/** Whether two instances say the same in every field. The order of endpoints and capabilities means nothing. */
export function isSameInstance(one: Instance, other: Instance): boolean {
  return one === other || fingerprint(one) === fingerprint(other);
}

/** `host:port` of every endpoint: what two instances cannot both own. */
export function addressesOf(instance: Instance): readonly string[] {
  return Object.values(instance.endpoints).map(({ host, port }) => `${host}:${port}`);
}

function fingerprint(instance: Instance): string {
  const endpoints = Object.entries(instance.endpoints)
    .map(([protocol, { host, port, isSecure }]) => [protocol, host, port, isSecure] as const)
    .sort(([one], [other]) => compareText(one, other));
  const { id, service, incarnation, version, zone, weight, startedAt, servedSince, contractDigest } = instance;
  const capabilities = [...instance.capabilities].sort();
  return JSON.stringify([
    id,
    service,
    incarnation,
    version,
    zone,
    weight,
    startedAt,
    servedSince,
    contractDigest,
    endpoints,
    capabilities, // prettier-ignore
  ]);
}

/** By code unit, so that every process orders alike whatever its locale. */
export function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
