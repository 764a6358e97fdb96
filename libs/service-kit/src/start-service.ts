import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import type { Type } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { connectRpc } from '@rookery/rpc';
import { SystemClock, SystemRandom, SystemScheduler } from '@rookery/runtime';
import { createPlatform } from './create-platform.js';
import { FaultsInterceptor } from './faults.interceptor.js';
import { requireFinders } from './finder.js';
import { HttpConnections } from './http-connections.js';
import { openHttpScopes } from './http-scope.js';
import { followTls, httpsOf } from './http-tls.js';
import type { Phase, StopOutcome } from './lifecycle.js';
import { ownInstance } from './own-instance.js';
import { type Platform, PlatformModule } from './platform.module.js';
import { ReportClient } from './report.client.js';
import { kitOptionsOf } from './service-kit.module.js';
import type { Surroundings } from './service-parts.js';
import type { Environment } from './settings.js';
import { StartError } from './start-error.js';
import { StartLogger } from './start-logger.js';
import { requireIssuer } from './trust-check.js';

/** A service of this process that listens. */
export interface RunningService {
  readonly app: NestFastifyApplication;
  readonly platform: Platform;
  readonly grpcPort: number;
  readonly httpPort: number;
  /** Resolves with `ready` once registered, or with `draining` when a stop came first. */
  readonly ready: Promise<Phase>;
  /** The ordered stop; every call gets the same outcome. */
  stop(): Promise<StopOutcome>;
}

/**
 * Starts an app module as a service of this process: settings, telemetry, rpc, HTTP, registration. Rejects with
 * `ConfigError` before anything listens, or with `StartError`. Ends no process and heeds no signal: that is `runService`'s.
 */
export async function startService(
  appModule: Type,
  environment: Environment,
  given: Partial<Surroundings> = {},
): Promise<RunningService> {
  const system = { clock: new SystemClock(), random: new SystemRandom(), scheduler: new SystemScheduler() };
  const platform = createPlatform(kitOptionsOf(appModule), environment, { ...system, ...given });
  const app = await assemble(appModule, platform);
  const connections = followConnections(app);
  platform.lifecycle.add(connections);
  platform.ports.opens(() => {
    const closed = app.close();
    connections.end();
    return closed;
  });
  try {
    return await open(app, platform);
  } catch (error) {
    // What the error names is what matters; that half an application cannot close in order does not.
    await platform.ports.close().catch(() => undefined);
    throw error;
  }
}

async function open(app: NestFastifyApplication, platform: Platform): Promise<RunningService> {
  const { config } = platform;
  requireFinders(app);
  if (platform.verifier === undefined) requireIssuer(app);
  if (platform.faults !== undefined) app.useGlobalInterceptors(new FaultsInterceptor(platform.faults));
  openHttpScopes(app, platform.telemetry.traceIds);
  const rpc = connectRpc(app, platform.rpcServer, config.BIND_HOST, config.GRPC_PORT);
  // Before any port is open: what the app's own hooks set up is there when the first call comes.
  await app.init();
  await bind('GRPC_PORT', config.GRPC_PORT, config.BIND_HOST, () => app.startAllMicroservices());
  await bind('HTTP_PORT', config.HTTP_PORT, config.BIND_HOST, () => app.listen(config.HTTP_PORT, config.BIND_HOST));
  if (platform.tls !== undefined) followTls(app.getHttpServer(), platform.tls);
  const httpPort = (app.getHttpServer().address() as AddressInfo).port;
  return live(app, platform, { grpcPort: rpc.port, httpPort });
}

async function assemble(appModule: Type, platform: Platform): Promise<NestFastifyApplication> {
  const { tls } = platform;
  const adapter = tls === undefined ? new FastifyAdapter() : new FastifyAdapter({ https: httpsOf(tls.material) });
  const host = { module: ServiceHost, imports: [DiscoveryModule, PlatformModule.with(platform), appModule] };
  return NestFactory.create<NestFastifyApplication>(host, adapter, {
    logger: new StartLogger(platform.telemetry.logger),
    abortOnError: false,
  });
}

/** Before the routes are made: a hook holds for those that come after it. */
function followConnections(app: NestFastifyApplication): HttpConnections {
  const connections = new HttpConnections();
  connections.follow(app.getHttpServer());
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('preHandler', (_request, reply, done) => {
      connections.handles(reply.raw);
      done();
    });
  return connections;
}

/** Joins the platform and the app; both are its imports. */
class ServiceHost {}

async function bind(setting: string, port: number, host: string, listen: () => Promise<unknown>): Promise<void> {
  try {
    await listen();
  } catch (error) {
    if (!/EADDRINUSE|EACCES|EADDRNOTAVAIL/.test(String(error))) throw error;
    const why = String(error).includes('EADDRINUSE')
      ? 'is in use by another process'
      : 'cannot be bound by this process';
    throw new StartError(`${setting}: port ${port} of ${host} ${why}`, { cause: error });
  }
}

function live(
  app: NestFastifyApplication,
  platform: Platform,
  { grpcPort, httpPort }: { readonly grpcPort: number; readonly httpPort: number },
): RunningService {
  const { config, identity, lifecycle, rpcServer, telemetry, rpcClient } = platform;
  telemetry.observeLoad({
    inFlight: () => rpcServer.dispatcher.inFlight,
    limit: () => rpcServer.dispatcher.limit,
    refused: () => rpcServer.dispatcher.refusedCalls,
  });
  telemetry.start(config.REPORT_TO === '' ? undefined : new ReportClient(rpcClient, config.REPORT_TO));
  const { capabilities, endpoints } = platform;
  const ports = { grpc: grpcPort, http: httpPort, others: endpoints.all() };
  const served = { services: rpcServer.serviceNames, capabilities: capabilities.all() };
  const instance = ownInstance(config, identity, ports, served, platform.clock.now());
  platform.ports.listensAs(instance);
  capabilities.onChange(() => platform.ports.offers(capabilities.all()));
  return {
    app,
    platform,
    grpcPort,
    httpPort,
    ready: lifecycle.start(),
    stop: () => lifecycle.stop(),
  };
}
