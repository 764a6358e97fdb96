import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock, SystemRandom, SystemScheduler } from '@rookery/runtime';
import { describeDiscovery, type DiscoverySubject } from '../testing/index.js';
import { ConsulRegistrar } from './registrar.js';
import { ConsulResolver } from './resolver.js';

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

async function openConsul(): Promise<DiscoverySubject> {
  const given = { clock: new SystemClock(), random: new SystemRandom(), scheduler: new SystemScheduler() };
  const door = new Door();
  await door.open();
  const drivers: { close(): Promise<void> }[] = [];
  const directories: string[] = [];
  const keep = <T extends { close(): Promise<void> }>(driver: T): T => {
    drivers.push(driver);
    return driver;
  };
  return {
    createRegistrar: (observer) => keep(new ConsulRegistrar({ ...given, url: door.url, observer, ttlMs: 2_000 })),
    createResolver: (options) => keep(new ConsulResolver({ ...given, ...options, url: door.url, graceMs: 4_000 })),
    forget: deregister,
    kill: () => door.shut(),
    restartEmpty: async () => {
      await forgetAll();
      await door.open();
    },
    makeDirectory: async () => {
      const directory = await mkdtemp(join(tmpdir(), 'rookery-snapshots-'));
      directories.push(directory);
      return directory;
    },
    close: async () => {
      await Promise.all(drivers.map((driver) => driver.close()));
      await door.shut();
      await forgetAll();
      for (const directory of directories) await rm(directory, { recursive: true });
    },
  };
}

async function deregister(id: string): Promise<void> {
  await fetch(new URL(`/v1/agent/service/deregister/${id}`, agentUrl), { method: 'PUT' });
}

/** Only what this suite registered; the agent may be somebody's own. */
async function forgetAll(): Promise<void> {
  const services = await (await fetch(new URL('/v1/agent/services', agentUrl))).json();
  const ids = Object.keys(services as object).filter((id) => id.startsWith('contract-'));
  await Promise.all(ids.map(deregister));
}

describeDiscovery('a Consul agent', openConsul, { hasTtl: true, canForget: true, canDie: true });
