import { DomainError } from '@rookery/runtime';
import type { Endpoint, Instance } from '../instance.js';
import type { ConsulCheckDefinition } from './consul.client.js';

/** How Consul finds out whether an instance lives. */
export type ConsulCheck = TtlCheck | GrpcCheck;

/** The instance tells its agent, three times in a TTL. */
export interface TtlCheck {
  readonly kind: 'ttl';
  /** An instance that has not beaten for as long is taken out by Consul. Default 10 s. */
  readonly ttlMs?: number;
}

/** The agent calls the instance's health service over gRPC, so it must reach the address that the instance advertises. */
export interface GrpcCheck {
  readonly kind: 'grpc';
  /** How often the agent calls. Default 5 s; Consul's own least is 1 s. */
  readonly intervalMs?: number;
  /** How long the agent waits for an answer. Default 2 s. */
  readonly timeoutMs?: number;
  /** With TLS: whether the agent verifies the instance's certificate. Default true. */
  readonly verifiesTls?: boolean;
}

const TTL_MS = 10_000;
const INTERVAL_MS = 5_000;
const TIMEOUT_MS = 2_000;

/** However seldom the agent looks at us, we look at least so often whether it still knows us. */
const LONGEST_BEAT_MS = 5_000;

/** Consul refuses shorter ones. */
const DEREGISTER_AFTER = '1m';

/** Two kinds of check never share an id: an agent goes on with both and lets each overwrite what the other found. */
const PREFIXES = { ttl: 'service:', grpc: 'grpc:' } as const;

/** The one check that Rookery gives each of its instances in Consul. */
export class LivenessCheck {
  constructor(private readonly check: ConsulCheck) {}

  get isRenewedByBeats(): boolean {
    return this.check.kind === 'ttl';
  }

  /** How often an instance talks to its agent. */
  get beatMs(): number {
    const { check } = this;
    return check.kind === 'ttl'
      ? (check.ttlMs ?? TTL_MS) / 3
      : Math.min(check.intervalMs ?? INTERVAL_MS, LONGEST_BEAT_MS);
  }

  /** How long the agent may take for its first verdict. */
  get verdictMs(): number {
    const { check } = this;
    return check.kind === 'ttl' ? 0 : (check.intervalMs ?? INTERVAL_MS) + (check.timeoutMs ?? TIMEOUT_MS);
  }

  idOf(instanceId: string): string {
    return PREFIXES[this.check.kind] + instanceId;
  }

  /** The check that an earlier run with another setting may have left. */
  staleIdOf(instanceId: string): string {
    return PREFIXES[this.check.kind === 'ttl' ? 'grpc' : 'ttl'] + instanceId;
  }

  /** Throws DomainError INSTANCE_INVALID when there is nothing to check. */
  define(instance: Instance, isKnownToPass: boolean): ConsulCheckDefinition {
    const { check } = this;
    const CheckID = this.idOf(instance.id);
    const common = { CheckID, DeregisterCriticalServiceAfter: DEREGISTER_AFTER };
    if (check.kind === 'ttl') return { ...common, TTL: `${check.ttlMs ?? TTL_MS}ms` };
    const endpoint = grpcOf(instance);
    return {
      ...common,
      ...(isKnownToPass ? { Status: 'passing' } : {}),
      GRPC: target(endpoint),
      GRPCUseTLS: endpoint.isSecure,
      TLSSkipVerify: check.verifiesTls === false,
      Interval: `${check.intervalMs ?? INTERVAL_MS}ms`,
      Timeout: `${check.timeoutMs ?? TIMEOUT_MS}ms`,
    };
  }

  /** Fails until somebody removes it: a place in the catalogue that nobody calls. */
  defineFailing(instance: Instance): ConsulCheckDefinition {
    return {
      CheckID: PREFIXES.ttl + instance.id,
      TTL: DEREGISTER_AFTER,
      DeregisterCriticalServiceAfter: DEREGISTER_AFTER,
    };
  }
}

function grpcOf({ id, endpoints }: Instance): Endpoint {
  const endpoint = endpoints['grpc'];
  if (endpoint !== undefined) return endpoint;
  const message = `${id} has no gRPC endpoint that Consul could check`;
  throw new DomainError('INSTANCE_INVALID', message, {
    kind: 'invalid-argument',
    violations: [{ field: 'endpoints.grpc', description: 'a gRPC check needs it' }],
  });
}

/** Without a service name: the health service then speaks for the whole server. */
function target({ host, port }: Endpoint): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
