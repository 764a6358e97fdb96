import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock, SystemRandom, SystemScheduler } from '@rookery/runtime';
import type { ConsulCheck } from '../consul/liveness-check.js';
import { ConsulRegistrar } from '../consul/registrar.js';
import { ConsulResolver } from '../consul/resolver.js';
import type { DiscoverySubject } from './contract-stage.js';
import { HealthServer } from './health-server.js';

/** Short, so that waiting for a check to fail does not make the suite slow; a loaded machine still beats in time. */
const CHECKS: Readonly<Record<ConsulCheck['kind'], ConsulCheck>> = {
  ttl: { kind: 'ttl', ttlMs: 2_000 },
  grpc: { kind: 'grpc', intervalMs: 1_000, timeoutMs: 1_000 },
};
const GRACE_MS = 4_000;

/** The names that the contract suite gives its instances. */
const NAMES = ['a', 'b', 'c'];

/** Something that speaks Consul's HTTP API, and how to make it suffer. */
export interface ConsulServer extends Required<Pick<DiscoverySubject, 'forget' | 'kill' | 'restartEmpty' | 'close'>> {
  readonly url: string;
}

/** A Consul agent, or what stands in for one, with the Consul drivers. With gRPC checks its instances have servers to call. */
export async function openConsulSubject(server: ConsulServer, kind: ConsulCheck['kind']): Promise<DiscoverySubject> {
  const { url } = server;
  const given = { clock: new SystemClock(), random: new SystemRandom(), scheduler: new SystemScheduler(), url };
  const drivers: { close(): Promise<void> }[] = [];
  const directories: string[] = [];
  const keep = <T extends { close(): Promise<void> }>(driver: T): T => {
    drivers.push(driver);
    return driver;
  };
  const health = new Map(NAMES.map((name) => [name, new HealthServer()] as const));
  if (kind === 'grpc') for (const one of health.values()) await one.open();
  return {
    ...server,
    createRegistrar: (observer) => keep(new ConsulRegistrar({ ...given, observer, check: CHECKS[kind] })),
    createResolver: (options) => keep(new ConsulResolver({ ...given, ...options, graceMs: GRACE_MS })),
    portOf: (name) => health.get(name)?.port ?? 0,
    endProcess: async (name) => health.get(name)?.shut(),
    startProcess: async (name) => (kind === 'grpc' ? health.get(name)?.open() : undefined),
    makeDirectory: async () => {
      const directory = await mkdtemp(join(tmpdir(), 'rookery-snapshots-'));
      directories.push(directory);
      return directory;
    },
    close: async () => {
      await Promise.all(drivers.map((driver) => driver.close()));
      await server.close();
      for (const one of health.values()) one.shut();
      for (const directory of directories) await rm(directory, { recursive: true });
    },
  };
}
