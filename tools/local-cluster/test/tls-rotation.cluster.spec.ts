import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PricingServiceClient } from '@rookery/contracts/nest';
import { ConsulResolver } from '@rookery/discovery';
import { RpcClient, TlsIdentity } from '@rookery/rpc';
import { DomainError, SystemClock, SystemRandom, SystemScheduler } from '@rookery/runtime';
import { startTestIssuer, type TestIssuer } from '@rookery/service-kit/testing';
import { certificateFile, TlsFolder, until, untilFound } from '@rookery/testkit';
import { DevRegistry } from '../src/dev-registry/dev-registry.js';
import { askLivez } from '../src/joined-instances.js';
import { PATIENCE_MS, type Ready, ServiceProcess } from './service-process.js';

const system = { clock: new SystemClock(), random: new SystemRandom(), scheduler: new SystemScheduler() };
const authorities = ['test-authority.pem', 'other-authority.pem'].map((name) => readFileSync(certificateFile(name)));

let registry: DevRegistry;
let registryUrl: string;
let issuer: TestIssuer;
let processes: ServiceProcess[];
let load: Load | undefined;
let folders: Record<'pricing' | 'gateway' | 'caller', TlsFolder>;

beforeEach(async () => {
  registry = new DevRegistry();
  ({ url: registryUrl } = await registry.listen(0));
  issuer = await startTestIssuer();
  processes = [];
  load = undefined;
  folders = {
    pricing: new TlsFolder('provider'),
    gateway: new TlsFolder('caller'),
    caller: new TlsFolder('caller'),
  };
});

afterEach(async () => {
  const callsAreOver = load?.end();
  await Promise.all(processes.map((process) => process.end()));
  await callsAreOver;
  issuer.close();
  await registry.close();
  for (const folder of Object.values(folders)) folder.remove();
});

async function start(app: 'pricing' | 'gateway', id: string): Promise<ServiceProcess> {
  const { certFile, keyFile, caFile } = folders[app].files;
  const service = new ServiceProcess(app, {
    CONSUL_URL: registryUrl,
    AUTH_JWKS_URL: issuer.jwksUrl,
    AUTH_ISSUER: issuer.issuer,
    INSTANCE_ID: id,
    TLS_CERT_FILE: certFile,
    TLS_KEY_FILE: keyFile,
    TLS_CA_FILE: caFile,
    ...(app === 'gateway' ? { GATEWAY_PORT: '0' } : {}),
  });
  processes.push(service);
  await service.ready;
  return service;
}

/** Where the gateway's public listener is, as the registry has it. */
async function edgeOf(id: string): Promise<string> {
  const response = await fetch(`${registryUrl}/v1/agent/services`);
  const services = (await response.json()) as Record<string, { Meta: Record<string, string> }>;
  return (services[id]?.Meta['endpoint-edge'] ?? '').replace('tcp://', 'http://');
}

/** Requests one after the other, on several connections at once, until it is ended. */
class Load {
  readonly failures: string[] = [];
  private done = 0;
  private isOver = false;
  private readonly loops: Promise<void>[];

  constructor(url: string, token: string) {
    this.loops = Array.from({ length: 8 }, () => this.run(url, token));
  }

  /** Resolves when a hundred more calls have been answered, with whatever. */
  async goesOn(): Promise<void> {
    const enough = this.done + 100;
    const state = (): string => `calls go on; these failed: ${this.failures.slice(0, 5).join('; ')}`;
    await until(state, () => this.done >= enough, PATIENCE_MS);
  }

  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.loops);
  }

  private async run(url: string, token: string): Promise<void> {
    while (!this.isOver) {
      const answer = await teaPrice(url, token);
      if (!answer.startsWith('200 ')) this.failures.push(answer);
      this.done++;
    }
  }
}

/** Status and text of the answer, or why there was none. */
async function teaPrice(url: string, token: string): Promise<string> {
  try {
    const response = await fetch(`${url}/v1/prices/tea`, { headers: { authorization: `Bearer ${token}` } });
    return `${response.status} ${await response.text()}`;
  } catch (error) {
    const { cause, message } = error as Error & { readonly cause?: Error };
    return `${message}: ${cause?.message}`;
  }
}

/**
 * A call by a process that has just begun: every connection of it is new. Whether the provider is believed is decided at each
 * connection, but on a machine that is busy one may not come about in its time: then there is another.
 */
async function freshCall(token: string): Promise<void> {
  let said = 'nothing';
  const isAnswered = async (): Promise<boolean> => {
    said = await freshAnswer(token);
    return said === 'OK';
  };
  await until(() => `a fresh call is answered; it was told ${said}`, isAnswered, PATIENCE_MS);
}

async function freshAnswer(token: string): Promise<string> {
  const tls = new TlsIdentity({ files: folders.caller.files, scheduler: system.scheduler });
  const resolver = new ConsulResolver({ ...system, url: registryUrl });
  const self = { service: 'test', instanceId: 'test-1', incarnation: 'test' };
  const client = new RpcClient({ ...system, resolver, self, security: { isPlaintextAllowed: false, tls } });
  try {
    await client.client(PricingServiceClient).getPrice({ sku: 'tea', currency: '' }, { token, timeoutMs: PATIENCE_MS });
    return 'OK';
  } catch (error) {
    if (error instanceof DomainError && error.code === 'NO_PROVIDER') return error.message;
    throw error;
  } finally {
    await client.close();
    await resolver.close();
    tls.close();
  }
}

/** Resolves when a process has said once more what it does with its files, and calls have gone on since. */
async function said(service: ServiceProcess, event: 'tls.renewed' | 'tls.refused', act: () => void): Promise<void> {
  const count = (): number => service.output.split(`"${event}"`).length;
  const before = count();
  act();
  const state = (): string => `${event} is logged; it said: ${service.output}${service.errors}`;
  await until(state, () => count() > before, PATIENCE_MS);
  await load?.goesOn();
}

/** The health check of the image, run where the service runs. */
async function check({ http }: Ready, certFile: string): Promise<{ code: number | null; text: string }> {
  const script = fileURLToPath(new URL('../../../libs/service-kit/dist/check-health.js', import.meta.url));
  const env = { BIND_HOST: '0.0.0.0', HTTP_PORT: String(http), TLS_CERT_FILE: certFile };
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => (text += part));
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, text };
}

describe('certificates that are renewed under load', () => {
  it('fail no call: in two steps, with a broken file in between, and under a new authority', async () => {
    const pricing = await start('pricing', 'pricing-1');
    const gateway = await start('gateway', 'gateway-1');
    const token = await issuer.token(['pricing:read']);
    const url = await edgeOf('gateway-1');
    const isKnown = async (): Promise<boolean> => (await teaPrice(url, token)).startsWith('200 ');
    await until('the gateway knows the route', isKnown, PATIENCE_MS);
    load = new Load(url, token);

    await said(pricing, 'tls.refused', () => folders.pricing.copy('certFile', 'provider-renewed.pem'));
    await freshCall(token);
    await said(pricing, 'tls.renewed', () => folders.pricing.copy('keyFile', 'provider-renewed.key.pem'));
    await freshCall(token);
    await said(pricing, 'tls.refused', () => folders.pricing.write('certFile', 'garbage'));
    await freshCall(token);
    await said(pricing, 'tls.renewed', () => folders.pricing.give('provider'));
    await freshCall(token);

    const believe = async (text: string): Promise<void> => {
      folders.caller.write('caFile', text);
      await said(pricing, 'tls.renewed', () => folders.pricing.write('caFile', text));
      await said(gateway, 'tls.renewed', () => folders.gateway.write('caFile', text));
      await freshCall(token);
    };
    await believe(authorities.join(''));
    await said(gateway, 'tls.renewed', () => folders.gateway.give('stranger'));
    await said(pricing, 'tls.renewed', () => folders.pricing.give('stranger'));
    folders.caller.give('stranger');
    await believe(String(authorities[1]));

    // Only an instance that was started under the new authority is left.
    const last = await (await start('pricing', 'pricing-2')).ready;
    pricing.kill('SIGTERM');
    expect(await pricing.ended()).toBe(0);
    await load.goesOn();
    await load.end();
    expect(load.failures).toEqual([]);
    const health = await check(last, folders.pricing.files.certFile);
    expect([health.code, health.text]).toEqual([0, '200 {"status":"ready"}\n']);
    const pid = await untilFound('it says its pid', () => askLivez(`https://127.0.0.1:${last.http}`), PATIENCE_MS);
    expect(pid).toBe(last.pid);
    for (const { output, errors } of processes) expect(`${output}${errors}`).not.toMatch(/DEP0123|-----BEGIN/);
  });
});
