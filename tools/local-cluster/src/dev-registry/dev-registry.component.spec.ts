import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConsulRegistrar, ConsulResolver, type DiscoveryObserver } from '@rookery/discovery';
import { describeDiscovery, type DiscoverySubject } from '@rookery/discovery/testing';
import { SystemClock, SystemRandom, SystemScheduler } from '@rookery/runtime';
import { DevRegistry } from './dev-registry.js';

/** Short, so that waiting for a TTL to lapse does not make the suite slow; a loaded machine still beats in time. */
const TTL_MS = 2_000;
const GRACE_MS = 4_000;

async function openDevRegistry(): Promise<DiscoverySubject> {
  const given = { clock: new SystemClock(), random: new SystemRandom(), scheduler: new SystemScheduler() };
  let registry = new DevRegistry();
  const { url, port } = await registry.listen();
  const drivers: { close(): Promise<void> }[] = [];
  const directories: string[] = [];
  const keep = <T extends { close(): Promise<void> }>(driver: T): T => {
    drivers.push(driver);
    return driver;
  };
  return {
    createRegistrar: (observer?: DiscoveryObserver) =>
      keep(new ConsulRegistrar({ ...given, url, observer, ttlMs: TTL_MS })),
    createResolver: (options) => keep(new ConsulResolver({ ...given, ...options, url, graceMs: GRACE_MS })),
    forget: async (id) => {
      await fetch(`${url}/v1/agent/service/deregister/${id}`, { method: 'PUT' });
    },
    kill: () => registry.close(),
    restartEmpty: async () => {
      registry = new DevRegistry();
      await registry.listen(port);
    },
    makeDirectory: async () => {
      const directory = await mkdtemp(join(tmpdir(), 'rookery-snapshots-'));
      directories.push(directory);
      return directory;
    },
    close: async () => {
      await Promise.all(drivers.map((driver) => driver.close()));
      await registry.close();
      for (const directory of directories) await rm(directory, { recursive: true });
    },
  };
}

describeDiscovery('the dev registry', openDevRegistry, { hasTtl: true, canForget: true, canDie: true });
