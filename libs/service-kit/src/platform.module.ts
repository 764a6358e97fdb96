import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { Registrar, Resolver } from '@rookery/discovery';
import { CallObserver, RpcClient, RpcServer, TlsIdentity, TokenVerifier } from '@rookery/rpc';
import { Clock, Random, Scheduler } from '@rookery/runtime';
import { CallTelemetry, Metrics, StoppedTasks } from '@rookery/telemetry';
import { Capabilities } from './capabilities.js';
import { Endpoints } from './endpoints.js';
import { Faults } from './faults.js';
import { FaultsHttpController } from './faults.http.controller.js';
import { Figures } from './figures.js';
import { FiguresHttpController } from './figures.http.controller.js';
import { HealthHttpController } from './health.http.controller.js';
import { Drain, Readiness, ServiceLifecycle } from './lifecycle.js';
import { ServiceConfig } from './service.config.js';
import { ServiceIdentity } from './service-identity.js';
import type { ServiceParts, Surroundings } from './service-parts.js';
import type { ServicePorts } from './service-ports.js';
import type { SettingsClass } from './settings.js';

export interface Platform extends ServiceParts, Pick<Surroundings, 'clock' | 'random' | 'scheduler'> {
  readonly config: ServiceConfig;
  /** The app's own settings, by their class. */
  readonly appConfig: { readonly type: SettingsClass; readonly values: object } | undefined;
  readonly ports: ServicePorts;
  readonly lifecycle: ServiceLifecycle;
  readonly endpoints: Endpoints;
  readonly capabilities: Capabilities;
  readonly figures: Figures;
  /** Undefined unless fault injection is enabled. */
  readonly faults: Faults | undefined;
}

/** Makes the platform injectable everywhere in the app, each part by its class. */
@Module({})
export class PlatformModule {
  static with(platform: Platform): DynamicModule {
    const providers = providersOf(platform);
    const always = [HealthHttpController, FiguresHttpController];
    const controllers = platform.faults === undefined ? always : [...always, FaultsHttpController];
    return { module: PlatformModule, global: true, controllers, providers, exports: providers };
  }
}

function providersOf(platform: Platform): Provider[] {
  const { appConfig, telemetry, lifecycle, faults, tls, verifier } = platform;
  const always: [SettingsClass | (abstract new (...parts: never[]) => unknown), object][] = [
    [Clock, platform.clock],
    [Random, platform.random],
    [Scheduler, platform.scheduler],
    [ServiceConfig, platform.config],
    [ServiceIdentity, platform.identity],
    [Readiness, lifecycle],
    [Drain, lifecycle],
    [ServiceLifecycle, lifecycle],
    [Endpoints, platform.endpoints],
    [Capabilities, platform.capabilities],
    [Figures, platform.figures],
    [Resolver, platform.resolver],
    [Registrar, platform.registrar],
    [RpcClient, platform.rpcClient],
    [RpcServer, platform.rpcServer],
    [CallObserver, platform.calls],
    [CallTelemetry, telemetry.calls],
    [Metrics, telemetry.metrics],
    [StoppedTasks, telemetry.stoppedTasks],
  ];
  const where: typeof always = [
    ...(appConfig === undefined ? [] : [[appConfig.type, appConfig.values] as const]),
    ...(faults === undefined ? [] : [[Faults, faults] as const]),
    ...(tls === undefined ? [] : [[TlsIdentity, tls] as const]),
    ...(verifier === undefined ? [] : [[TokenVerifier, verifier] as const]),
  ].map(([token, value]) => [token, value]);
  return [...always, ...where].map(([provide, useValue]) => ({ provide, useValue }));
}
