import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Type } from '@nestjs/common';
import { StaticCatalogue, StaticResolver } from '@rookery/discovery';
import { type ClientClass, RpcClient } from '@rookery/rpc';
import { SystemClock, SystemRandom, SystemScheduler } from '@rookery/runtime';
import { CallTelemetry } from '@rookery/telemetry';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { CountedCalls } from '../counted-calls.js';
import type { Environment } from '../settings.js';
import { type RunningService, startService } from '../start-service.js';

const ISSUER = 'test-issuer';
const AUDIENCE = 'rookery';

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
  client<T>(type: ClientClass<T>): T;
  /** A token that the service believes. */
  token(scopes: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

/** Starts an app module as `runService` would, with a registry and a token issuer in this process. */
export async function startUnderTest(appModule: Type, environment: Environment = {}): Promise<ServiceUnderTest> {
  const system = { clock: new SystemClock(), random: new SystemRandom(), scheduler: new SystemScheduler() };
  const catalogue = new StaticCatalogue();
  const issuer = await startIssuer();
  const log: Record<string, unknown>[] = [];
  const service = await startService(
    appModule,
    {
      REGISTRY: 'static',
      REPORT_TO: '',
      AUTH_JWKS_URL: issuer.jwksUrl,
      AUTH_ISSUER: ISSUER,
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
    client: (type) => rpc.client(type),
    token: issuer.token,
    stop: async () => {
      await rpc.close();
      await service.stop();
      await resolver.close();
      issuer.close();
    },
  };
}

interface TestIssuer {
  readonly jwksUrl: string;
  token(scopes: readonly string[]): Promise<string>;
  close(): void;
}

async function startIssuer(): Promise<TestIssuer> {
  const pair = await generateKeyPair('ES256');
  const keys = [{ ...(await exportJWK(pair.publicKey)), kid: 'test', alg: 'ES256' }];
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys })));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    token: (scopes) =>
      new SignJWT({ scope: scopes.join(' ') })
        .setProtectedHeader({ alg: 'ES256', kid: 'test' })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject('tester')
        .setExpirationTime('5m')
        .sign(pair.privateKey),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
