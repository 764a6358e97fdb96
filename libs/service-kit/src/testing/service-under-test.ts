import type { Type } from '@nestjs/common';
import { StaticCatalogue, StaticResolver } from '@rookery/discovery';
import { type ClientClass, RpcClient } from '@rookery/rpc';
import { SystemClock, SystemRandom, SystemScheduler } from '@rookery/runtime';
import { CallTelemetry } from '@rookery/telemetry';
import { CountedCalls } from '../counted-calls.js';
import type { Environment } from '../settings.js';
import { type RunningService, startService } from '../start-service.js';
import { startTestIssuer } from './test-issuer.js';

/** A service of this process that listens on free loopback ports, and what a test needs to speak with it. */
export interface ServiceUnderTest {
  readonly service: RunningService;
  /** Base URL of its HTTP port. */
  readonly http: string;
  /** The registry of this test: data in this process. */
  readonly catalogue: StaticCatalogue;
  /** All lines that were logged so far. */
  readonly log: readonly Record<string, unknown>[];
  /** A client that finds the service through the registry and calls it over the link. */
  client<T>(type: ClientClass<T>, service?: string): T;
  /** A token that the service believes; of `tester`, unless it shall be somebody else's. */
  token(scopes: readonly string[], subject?: string): Promise<string>;
  /** What makes another service believe these tokens too; its issuer ends with this service. */
  readonly trust: Environment;
  stop(): Promise<void>;
}

/**
 * Starts an app module as `runService` would, with a registry and a token issuer in this process. Services that are given one
 * registry find each other.
 */
export async function startUnderTest(
  appModule: Type,
  environment: Environment = {},
  catalogue = new StaticCatalogue(),
): Promise<ServiceUnderTest> {
  const system = { clock: new SystemClock(), random: new SystemRandom(), scheduler: new SystemScheduler() };
  const issuer = await startTestIssuer();
  const trust = { AUTH_JWKS_URL: issuer.jwksUrl, AUTH_ISSUER: issuer.issuer };
  const log: Record<string, unknown>[] = [];
  const service = await startService(
    appModule,
    {
      REGISTRY: 'static',
      REPORT_TO: '',
      ...trust,
      DRAIN_PROPAGATION_MS: '0',
      NODE_ENV: 'test',
      ...environment,
    },
    { catalogue, logOutput: { write: (line) => void log.push(JSON.parse(line) as Record<string, unknown>) } },
  );
  await service.ready;
  const resolver = new StaticResolver({ catalogue, ...system });
  const rpc = new RpcClient({
    ...system,
    resolver,
    observer: new CountedCalls(new CallTelemetry(system.clock)),
    security: { isPlaintextAllowed: false },
    self: { service: 'test', instanceId: 'test-1', incarnation: 'test' },
  });
  return {
    service,
    http: `http://127.0.0.1:${service.httpPort}`,
    catalogue,
    log,
    client: (type, name) => rpc.client(type, name),
    token: issuer.token,
    trust,
    stop: async () => {
      await rpc.close();
      await service.stop();
      await resolver.close();
      issuer.close();
    },
  };
}
