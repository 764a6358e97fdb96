import { randomUUID } from 'node:crypto';
import {
  type ConsulCheck,
  ConsulRegistrar,
  ConsulResolver,
  type DiscoveryObserver,
  type Registrar,
  type Resolver,
  StaticCatalogue,
  StaticRegistrar,
  StaticResolver,
  toInstances,
} from '@rookery/discovery';
import { currentScope, RpcClient, RpcServer, type TlsIdentity, TokenVerifier } from '@rookery/rpc';
import type { Clock, Random, Scheduler } from '@rookery/runtime';
import { createTelemetry, type Telemetry, type TelemetryOptions, traceFields, tracestateOf } from '@rookery/telemetry';
import { CountedCalls } from './counted-calls.js';
import { DiscoveryTelemetry } from './discovery-telemetry.js';
import type { ServiceConfig } from './service.config.js';
import type { KitOptions } from './service-kit.module.js';
import { ServiceIdentity } from './service-identity.js';
import { clientSecurity, serverSecurity, tlsIdentity } from './security.js';

/** What a service stands on. A test may give its own. */
export interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  /** With REGISTRY=static: the data that services of one process share. Without it STATIC_INSTANCES is read. */
  readonly catalogue?: StaticCatalogue;
  /** How often the TLS files are looked at. Default as of `TlsIdentity`. */
  readonly tlsLookEveryMs?: number;
  /** Where log lines go. Default: standard output. */
  readonly logOutput?: NonNullable<TelemetryOptions['logOutput']>;
}

/** Everything of the platform that one service uses, made from its settings. */
export interface ServiceParts {
  readonly identity: ServiceIdentity;
  readonly telemetry: Telemetry;
  readonly registrar: Registrar;
  readonly resolver: Resolver;
  readonly calls: CountedCalls;
  readonly rpcClient: RpcClient;
  readonly rpcServer: RpcServer;
  /** Undefined where the service speaks plaintext. */
  readonly tls: TlsIdentity | undefined;
  /** Undefined when the service trusts no issuer. */
  readonly verifier: TokenVerifier | undefined;
}

export function createParts(kit: KitOptions, config: ServiceConfig, surroundings: Surroundings): ServiceParts {
  const { clock, random, scheduler } = surroundings;
  const identity = identityOf(kit, config, random);
  const telemetry = createTelemetry({
    identity,
    clock,
    random,
    scheduler,
    logLevel: config.LOG_LEVEL,
    scopeFields: () => traceFields(currentScope()?.traceparent),
    ...(surroundings.logOutput === undefined ? {} : { logOutput: surroundings.logOutput }),
  });
  const observer = new DiscoveryTelemetry(telemetry.logger, telemetry.metrics, clock);
  const discovery = createDiscovery(config, surroundings, observer);
  const calls = new CountedCalls(telemetry.calls, telemetry.logger);
  const tls = tlsIdentity(config, telemetry, scheduler, surroundings.tlsLookEveryMs);
  const rpcClient = new RpcClient({
    clock,
    random,
    scheduler,
    resolver: discovery.resolver,
    observer: calls,
    security: clientSecurity(config, tls),
    self: identity,
    ...(kit.balancers === undefined ? {} : { balancers: kit.balancers }),
  });
  const verifier = createVerifier(config, clock);
  const rpcServer = new RpcServer({
    clock,
    scheduler,
    observer: calls,
    security: serverSecurity(config, tls),
    self: identity,
    concurrencyLimit: config.CONCURRENCY_LIMIT,
    verifier,
    startSpan: (traceparent) => telemetry.traceIds.childOf(traceparent),
    tracestateOf,
    onHiddenError: (error, method) =>
      telemetry.logger.error({ err: error, method }, 'a call failed for a reason its caller is not told'),
  });
  return { identity, telemetry, ...discovery, calls, rpcClient, rpcServer, verifier, tls };
}

function identityOf(kit: KitOptions, config: ServiceConfig, random: Random): ServiceIdentity {
  const instanceId =
    config.INSTANCE_ID ??
    `${kit.name}-${random
      .int(2 ** 32)
      .toString(16)
      .padStart(8, '0')}`;
  return { service: kit.name, instanceId, incarnation: randomUUID(), version: config.SERVICE_VERSION };
}

function createVerifier(config: ServiceConfig, clock: Clock): TokenVerifier | undefined {
  const { AUTH_JWKS_URL: jwksUrl, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience } = config;
  return jwksUrl === undefined ? undefined : new TokenVerifier({ jwksUrl, issuer, audience, clock });
}

function createDiscovery(
  config: ServiceConfig,
  { clock, random, scheduler, catalogue }: Surroundings,
  observer: DiscoveryObserver,
): { registrar: Registrar; resolver: Resolver } {
  if (config.REGISTRY === 'static') {
    const data = catalogue ?? new StaticCatalogue(toInstances(config.STATIC_INSTANCES));
    return {
      registrar: new StaticRegistrar(data),
      resolver: new StaticResolver({ catalogue: data, clock, scheduler, observer }),
    };
  }
  const common = { url: config.CONSUL_URL, token: config.CONSUL_TOKEN, clock, random, scheduler, observer };
  return {
    registrar: new ConsulRegistrar({ ...common, check: consulCheck(config) }),
    resolver: new ConsulResolver({ ...common, snapshotDirectory: config.SNAPSHOT_DIR }),
  };
}

function consulCheck(config: ServiceConfig): ConsulCheck {
  if (config.CONSUL_CHECK === 'ttl') return { kind: 'ttl' };
  return {
    kind: 'grpc',
    intervalMs: config.CONSUL_CHECK_INTERVAL_MS,
    timeoutMs: config.CONSUL_CHECK_TIMEOUT_MS,
    verifiesTls: config.CONSUL_CHECK_TLS_VERIFY,
  };
}
