import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until, untilFound } from '@rookery/testkit';
import { DevRegistry } from '../src/dev-registry/dev-registry.js';
import { PATIENCE_MS, ServiceProcess } from './service-process.js';

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** What makes Node run a script before the service. */
function importing(script: string): string {
  return `--import=data:text/javascript,${encodeURIComponent(script)}`;
}

async function registered(): Promise<readonly string[]> {
  const response = await fetch(`${url}/v1/agent/services`);
  return Object.keys((await response.json()) as object);
}

/** A process of pricing, which has ended when the test has. */
function pricing(environment: Readonly<Record<string, string>>): ServiceProcess {
  const service = new ServiceProcess('pricing', environment);
  services.push(service);
  return service;
}

let registry: DevRegistry;
let url: string;
let services: ServiceProcess[];

beforeEach(async () => {
  services = [];
  registry = new DevRegistry();
  ({ url } = await registry.listen(0));
});

afterEach(async () => {
  await Promise.all(services.map((service) => service.end()));
  await registry.close();
});

describe('the process of a service', () => {
  it('ends with 78 and all problems before it registers', async () => {
    const service = pricing({ CONSUL_URL: url, GRPC_PORT: 'x', WEIGHT: '0', CONSUL_TOKEN: '' });
    expect(await service.ended()).toBe(78);
    expect(service.errors.trim().split('\n')).toEqual([
      'pricing: WEIGHT is "0": it must be a whole number from 1 to 65535.',
      'pricing: GRPC_PORT is "x": it must be a whole number from 0 to 65535.',
    ]);
    expect(await registered()).toEqual([]);
  });

  it('ends with 78 under another name', async () => {
    const service = pricing({ CONSUL_URL: url, SERVICE_NAME: 'billing' });
    expect(await service.ended()).toBe(78);
    expect(service.errors).toContain('SERVICE_NAME is "billing"');
  });

  it('ends with 78 before it registers when it could verify no token', async () => {
    const service = pricing({ CONSUL_URL: url, AUTH_JWKS_URL: '' });
    expect(await service.ended()).toBe(78);
    expect(service.errors).toMatch(/^pricing: AUTH_JWKS_URL is not set: .*PricingService.*\n$/);
    expect(await registered()).toEqual([]);
  });

  it.each(['GRPC_PORT', 'HTTP_PORT'])('ends with 1 and one line when %s is in use', async (setting) => {
    const port = new URL(url).port;
    const service = pricing({ CONSUL_URL: url, [setting]: port });
    expect(await service.ended()).toBe(1);
    expect(service.output + service.errors).toBe(
      `pricing: cannot start: ${setting}: port ${port} of 127.0.0.1 is in use by another process\n`,
    );
    expect(await registered()).toEqual([]);
  });

  it('deregisters on SIGTERM while its ports are still open, and ends with 0', async () => {
    // The ports stay open for half of it where nobody calls: long enough for a look at them.
    const service = pricing({ CONSUL_URL: url, DRAIN_PROPAGATION_MS: '10000' });
    const { id, grpc, http } = await service.ready;
    expect(await registered()).toEqual([id]);
    service.kill('SIGTERM');
    service.kill('SIGTERM');
    await until('it is deregistered', async () => (await registered()).length === 0, PATIENCE_MS);
    expect([await isOpen(grpc), await isOpen(http)]).toEqual([true, true]);
    expect(await service.ended()).toBe(0);
    expect(service.errors).toBe('');
  });

  it('stops in order with the first handler of its container, which only bridges the time until it has its own', async () => {
    const first = `--import=${fileURLToPath(new URL('../../../libs/service-kit/dist/first-signal.js', import.meta.url))}`;
    const loading = spawn(process.execPath, [first, '-e', 'setInterval(() => undefined, 1e6); console.log("loads")']);
    const ended = new Promise((resolve) => loading.once('close', resolve));
    loading.stdout.once('data', () => loading.kill('SIGTERM'));
    expect(await ended).toBe(0);
    const service = pricing({ CONSUL_URL: url, NODE_OPTIONS: first });
    await service.ready;
    service.kill('SIGTERM');
    expect(await service.ended()).toBe(0);
    expect(service.output).toContain('service.stopped');
    expect(await registered()).toEqual([]);
  });

  it('stops within bounds when the registry is gone', async () => {
    const service = pricing({ CONSUL_URL: url });
    await service.ready;
    await registry.close();
    service.kill('SIGTERM');
    expect(await service.ended()).toBe(0);
  });

  it('stops on SIGTERM while it waits to be registered', async () => {
    const service = pricing({ CONSUL_URL: 'http://127.0.0.1:1' });
    await service.says('registration-failed');
    service.kill('SIGTERM');
    expect(await service.ended()).toBe(0);
  });

  it('stops on SIGTERM while it waits for a registry that never answers', async () => {
    const asked: string[] = [];
    const silent = createServer((request) => void asked.push(`${request.method} ${request.url}`));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const service = pricing({ CONSUL_URL: `http://127.0.0.1:${port}` });
    await untilFound('it tried to register', () => asked.find((line) => line.includes('/register')), PATIENCE_MS);
    service.kill('SIGTERM');
    expect(await service.ended()).toBe(0);
    silent.close();
    silent.closeAllConnections();
  });

  it('ends with 0 on SIGTERM while its start hangs', async () => {
    const planted = `import { Server } from "node:net";
      Server.prototype.listen = function () { console.log("hangs"); return this; };`;
    const service = pricing({ CONSUL_URL: url, NODE_OPTIONS: importing(planted) });
    await service.says('hangs');
    service.kill('SIGTERM');
    expect(await service.ended()).toBe(0);
    expect(service.output + service.errors).toBe('hangs\n');
    expect(await registered()).toEqual([]);
  });

  it('ends with 1 after an uncaught exception while it stops', async () => {
    const service = pricing({
      CONSUL_URL: url,
      // It has not stopped before it is hit: it waits for half of this.
      DRAIN_PROPAGATION_MS: '20000',
      NODE_OPTIONS: importing('process.on("SIGUSR2", () => { throw new Error("a defect") })'),
    });
    await service.ready;
    service.kill('SIGTERM');
    await service.says('stopping');
    service.kill('SIGUSR2');
    expect(await service.ended()).toBe(1);
    expect(service.output).toContain('uncaught exception');
  });

  it.each([
    ['uncaught exception', 'throw new Error("a defect")'],
    ['unhandled rejection', 'Promise.reject(new Error("a defect"))'],
  ])('leaves the registry and ends with 1 after an %s, which is logged as fatal', async (what, defect) => {
    const planted = `process.on("SIGUSR2", () => { ${defect} })`;
    const service = pricing({
      CONSUL_URL: url,
      NODE_OPTIONS: importing(planted),
    });
    const { id } = await service.ready;
    expect(await registered()).toEqual([id]);
    service.kill('SIGUSR2');
    expect(await service.ended()).toBe(1);
    expect(await registered()).toEqual([]);
    const lines = service.output.trim().split('\n');
    const fatal = lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ msg }) => msg === what);
    expect(fatal).toMatchObject([{ level: 'fatal', err: { message: 'a defect' } }]);
  });
});
