import { Capabilities } from './capabilities.js';
import { Endpoints } from './endpoints.js';
import { Faults } from './faults.js';
import { Figures } from './figures.js';
import { ServiceLifecycle } from './lifecycle.js';
import type { Platform } from './platform.module.js';
import { ServiceConfig } from './service.config.js';
import type { KitOptions } from './service-kit.module.js';
import { createParts, type ServiceParts, type Surroundings } from './service-parts.js';
import { ServicePorts } from './service-ports.js';
import { ConfigError, type Environment, readSettings } from './settings.js';
import { requireIssuerInProduction } from './trust-check.js';

const DEREGISTER_LIMIT_MS = 2000;
const FLUSH_LIMIT_MS = 1000;

/** Makes the platform of one service from its settings; nothing listens or is connected yet. Throws `ConfigError`. */
export function createPlatform(kit: KitOptions, environment: Environment, surroundings: Surroundings): Platform {
  const groups = kit.config === undefined ? [ServiceConfig] : [ServiceConfig, kit.config];
  const [serviceConfig, appConfig] = readSettings(groups, environment);
  const config = serviceConfig as ServiceConfig;
  checkName(kit.name, config.SERVICE_NAME);
  requireIssuerInProduction(kit, config);
  const { clock, random, scheduler } = surroundings;
  const parts = createParts(kit, config, surroundings);
  const ports = new ServicePorts(parts, config.REPORT_TO === kit.name);
  const capabilities = new Capabilities();
  const plan = { delayMs: config.FAULT_DELAY_MS, errorRate: config.FAULT_ERROR_RATE };
  return {
    clock,
    random,
    scheduler,
    ...parts,
    config,
    appConfig:
      kit.config === undefined || appConfig === undefined ? undefined : { type: kit.config, values: appConfig },
    ports,
    lifecycle: createLifecycle(parts, ports, config, surroundings),
    endpoints: new Endpoints(),
    capabilities,
    figures: new Figures(capabilities),
    faults: config.FAULTS_ENABLED ? new Faults(plan, random, scheduler) : undefined,
  };
}

function checkName(name: string, given: string | undefined): void {
  if (given === undefined || given === name) return;
  throw new ConfigError([`SERVICE_NAME is "${given}": this app is "${name}", and runs under no other name.`]);
}

function createLifecycle(
  parts: ServiceParts,
  ports: ServicePorts,
  config: ServiceConfig,
  { clock, scheduler }: Surroundings,
): ServiceLifecycle {
  const limits = {
    deregisterMs: DEREGISTER_LIMIT_MS,
    propagationMs: config.DRAIN_PROPAGATION_MS,
    flushMs: FLUSH_LIMIT_MS,
    drainLimitMs: config.DRAIN_LIMIT_MS,
  };
  const lifecycle = new ServiceLifecycle(ports, limits, clock, scheduler);
  const { rpcServer, calls } = parts;
  lifecycle.add({
    name: 'rpc',
    // The limit of the whole stop ends this too; here it only needs an end.
    drain: async () => void (await rpcServer.drain(config.DRAIN_LIMIT_MS)),
    inFlight: () => rpcServer.dispatcher.inFlight,
    accepted: () => calls.accepted,
  });
  return lifecycle;
}
