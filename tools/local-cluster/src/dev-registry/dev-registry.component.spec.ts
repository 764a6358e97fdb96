import { describe } from '@jest/globals';
import type { ConsulCheck } from '@rookery/discovery';
import { describeDiscovery, type DiscoverySubject, openConsulSubject } from '@rookery/discovery/testing';
import { DevRegistry } from './dev-registry.js';

async function openDevRegistry(kind: ConsulCheck['kind']): Promise<DiscoverySubject> {
  let registry = new DevRegistry();
  const { url, port } = await registry.listen();
  const server = {
    url,
    forget: async (id: string) => {
      await fetch(`${url}/v1/agent/service/deregister/${id}`, { method: 'PUT' });
    },
    kill: () => registry.close(),
    restartEmpty: async () => {
      registry = new DevRegistry();
      await registry.listen(port);
    },
    close: () => registry.close(),
  };
  return openConsulSubject(server, kind);
}

describe.each(['ttl', 'grpc'] as const)('with %s checks', (kind) => {
  describeDiscovery('the dev registry', () => openDevRegistry(kind), {
    hasChecks: true,
    canForget: true,
    // How a registry dies has nothing to do with its checks.
    canDie: kind === 'ttl',
  });
});
