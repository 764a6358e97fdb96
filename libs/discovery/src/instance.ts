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
  /** By protocol: `grpc`, `http`. */
  readonly endpoints: Readonly<Record<string, Endpoint>>;
  /** What it can do beyond its contract, such as `link`. */
  readonly capabilities: readonly string[];
  /** Identifies the descriptor set it serves; empty when unknown. */
  readonly contractDigest: string;
}
