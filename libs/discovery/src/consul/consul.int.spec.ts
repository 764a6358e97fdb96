import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { describe } from '@jest/globals';
import { describeDiscovery, type DiscoverySubject, openConsulSubject } from '../testing/index.js';
import type { ConsulCheck } from './liveness-check.js';

const agentUrl = new URL(process.env['CONSUL_URL'] ?? '');

/** Consul has no way to die by request, so its drivers reach it through a door that can be shut. */
class Door {
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async open(): Promise<void> {
    this.server = createServer((inside) => {
      const outside = connect(Number(agentUrl.port || 80), agentUrl.hostname);
      this.join(inside, outside);
      this.join(outside, inside);
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async shut(): Promise<void> {
    const closed = new Promise<void>((resolve) =>
      this.server === undefined ? resolve() : this.server.close(() => resolve()),
    );
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private join(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.pipe(to);
    from.on('error', () => to.destroy());
    from.once('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }
}

async function openAgent(kind: ConsulCheck['kind']): Promise<DiscoverySubject> {
  const door = new Door();
  await door.open();
  const agent = {
    url: door.url,
    forget: deregister,
    kill: () => door.shut(),
    restartEmpty: async () => {
      await forgetAll();
      await door.open();
    },
    close: async () => {
      await door.shut();
      await forgetAll();
    },
  };
  return openConsulSubject(agent, kind);
}

async function deregister(id: string): Promise<void> {
  await fetch(new URL(`/v1/agent/service/deregister/${id}`, agentUrl), { method: 'PUT' });
}

/** Only what this suite registered; the agent may be somebody's own. Its server hears of it a moment later. */
async function forgetAll(): Promise<void> {
  const isOurs = (name: string): boolean => name.startsWith('contract-');
  const ids = Object.keys(await read('/v1/agent/services')).filter(isOurs);
  await Promise.all(ids.map(deregister));
  while (Object.keys(await read('/v1/catalog/services')).some(isOurs));
}

async function read(path: string): Promise<object> {
  return (await (await fetch(new URL(path, agentUrl))).json()) as object;
}

describe.each(['ttl', 'grpc'] as const)('with %s checks', (kind) => {
  describeDiscovery('a Consul agent', () => openAgent(kind), { hasChecks: true, canForget: true, canDie: true });
});
