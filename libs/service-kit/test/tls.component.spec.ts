import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import type { NetworkInterfaceInfo } from 'node:os';
import { connect } from 'node:tls';
import { Controller, Module } from '@nestjs/common';
import { credentials, makeGenericClientConstructor, type ServiceError } from '@grpc/grpc-js';
import type { pricing } from '@rookery/contracts/messages';
import {
  PricingServiceClient,
  type PricingServiceController,
  PricingServiceControllerMethods,
} from '@rookery/contracts/nest';
import { StaticCatalogue, StaticResolver } from '@rookery/discovery';
import { RpcClient, type TlsFiles, TlsIdentity } from '@rookery/rpc';
import { SystemClock, SystemRandom, SystemScheduler } from '@rookery/runtime';
import { CallTelemetry } from '@rookery/telemetry';
import { certificateFile as file, TlsFolder, until } from '@rookery/testkit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CountedCalls } from '../src/counted-calls.js';
import { advertisedHost } from '../src/own-instance.js';
import { type RunningService, ServiceKitModule, startService } from '../src/index.js';
import { startTestIssuer, type TestIssuer } from '../src/testing/index.js';

const CA = file('test-authority.pem');
const system = { clock: new SystemClock(), random: new SystemRandom(), scheduler: new SystemScheduler() };

@Controller()
@PricingServiceControllerMethods()
class PricingController implements PricingServiceController {
  quotePrice(): pricing.QuotePriceResponse {
    return { total: undefined, lines: [], validUntil: undefined };
  }

  getPrice({ sku }: pricing.GetPriceRequest): pricing.GetPriceResponse {
    return { sku, unitPrice: { currency: 'EUR', minorUnits: 7 } };
  }
}

@Module({ imports: [ServiceKitModule.forRoot({ name: 'pricing' })], controllers: [PricingController] })
class ProviderModule {}

@Module({ imports: [ServiceKitModule.forRoot({ name: 'shop' })] })
class CallerModule {}

let issuer: TestIssuer;
let folder: TlsFolder;
let catalogue: StaticCatalogue;
let provider: RunningService;
let closing: (() => Promise<unknown>)[];

async function start(module: new () => unknown, settings: Record<string, string>): Promise<RunningService> {
  const common = { REGISTRY: 'static', REPORT_TO: '', LOG_LEVEL: 'silent', DRAIN_PROPAGATION_MS: '0' };
  const auth = { AUTH_JWKS_URL: issuer.jwksUrl, AUTH_ISSUER: issuer.issuer };
  const service = await startService(module, { ...common, ...auth, ...settings }, { catalogue, tlsLookEveryMs: 50 });
  closing.unshift(() => service.stop());
  await service.ready;
  return service;
}

const settingsOf = ({ certFile, keyFile, caFile }: Required<TlsFiles>) => ({ TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, TLS_CA_FILE: caFile }); // prettier-ignore
const filesOf = (owner: string) => ({ caFile: CA, certFile: file(`${owner}.pem`), keyFile: file(`${owner}.key.pem`) });
const identity = (owner: string) => settingsOf(filesOf(owner));

beforeEach(async () => {
  issuer = await startTestIssuer();
  folder = new TlsFolder('provider');
  catalogue = new StaticCatalogue();
  closing = [];
  provider = await start(ProviderModule, settingsOf(folder.files));
});

afterEach(async () => {
  for (const close of closing) await close();
  issuer.close();
  folder.remove();
});

async function ask(rpc: RpcClient): Promise<number | undefined> {
  const token = await issuer.token(['pricing:read']);
  const options = { token, timeoutMs: 30_000 };
  const { unitPrice } = await rpc.client(PricingServiceClient).getPrice({ sku: 'x', currency: '' }, options);
  return unitPrice?.minorUnits;
}

function clientWith(files: TlsFiles | undefined, isPlaintextAllowed = false): RpcClient {
  const resolver = new StaticResolver({ catalogue, ...system });
  const self = { service: 'test', instanceId: 'test-1', incarnation: 'test' };
  const observer = new CountedCalls(new CallTelemetry(system.clock));
  const tls = files === undefined ? undefined : new TlsIdentity({ files, scheduler: system.scheduler });
  const security = { isPlaintextAllowed, ...(tls === undefined ? {} : { tls }) };
  const rpc = new RpcClient({ ...system, resolver, observer, security, self });
  closing.unshift(
    () => resolver.close(),
    () => rpc.close(),
    () => Promise.resolve(tls?.close()),
  );
  return rpc;
}

/** The name in the certificate that a port shows now; what the connection fails with, where it does. */
function shownAt(port: number): Promise<string> {
  return new Promise((resolve) => {
    const mine = { cert: readFileSync(file('caller.pem')), key: readFileSync(file('caller.key.pem')) };
    const socket = connect(
      { port, host: '127.0.0.1', ca: readFileSync(CA), ...mine, ALPNProtocols: ['h2', 'http/1.1'] },
      () => {
        const { subject } = socket.getPeerCertificate();
        socket.destroy();
        resolve(String(subject.CN));
      },
    );
    socket.on('error', (error: Error) => resolve(error.message));
  });
}

function untilShown(port: number, name: string): Promise<void> {
  return until(`${port} shows ${name}`, async () => (await shownAt(port)) === name);
}

describe('an address that others can reach', () => {
  const open = { BIND_HOST: '0.0.0.0', ADVERTISE_HOST: '127.0.0.1', INSTANCE_ID: 'pricing-open' };

  it('is refused in plaintext unless that is allowed', async () => {
    await expect(start(ProviderModule, open)).rejects.toThrow(
      /^BIND_HOST is "0.0.0.0": without TLS .*ALLOW_PLAINTEXT=true/,
    );
    await start(ProviderModule, { ...open, ALLOW_PLAINTEXT: 'true' });
    const instance = catalogue.answer('pricing').usable.find(({ id }) => id === 'pricing-open');
    expect(instance?.endpoints['grpc']).toMatchObject({ host: '127.0.0.1', isSecure: false });
    await provider.stop();
    expect(await ask(clientWith(undefined))).toBe(7);
  });

  it('needs no leave with TLS', async () => {
    await provider.stop();
    await start(ProviderModule, { ...open, ...identity('provider') });
    expect(await ask(clientWith(filesOf('caller')))).toBe(7);
  });

  it('is not called in plaintext by who has no leave for it', async () => {
    await start(ProviderModule, { ...open, ADVERTISE_HOST: 'pricing.test', ALLOW_PLAINTEXT: 'true' });
    await provider.stop();
    const [instance] = catalogue.answer('pricing').usable;
    expect(instance?.endpoints['http']).toMatchObject({ host: 'pricing.test' });
    await expect(ask(clientWith(undefined))).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('is made known by what others can reach, where nothing else is said', () => {
    const address = (ip: string, internal: boolean, family: 'IPv4' | 'IPv6') =>
      ({ address: ip, internal, family }) as NetworkInterfaceInfo;
    const addresses = [
      address('127.0.0.1', true, 'IPv4'),
      address('fe80::1', false, 'IPv6'),
      address('10.0.0.7', false, 'IPv4'),
    ];
    expect(advertisedHost('0.0.0.0', addresses)).toBe('10.0.0.7');
    expect(advertisedHost('::', addresses.slice(0, 2))).toBe('127.0.0.1');
    expect(advertisedHost('192.0.2.1', addresses)).toBe('192.0.2.1');
  });
});

describe('a service with TLS', () => {
  it('is registered as secure, and called over the link by a caller with a certificate', async () => {
    const [instance] = catalogue.answer('pricing').usable;
    expect(instance?.endpoints).toMatchObject({ grpc: { isSecure: true }, http: { isSecure: true } });
    const caller = await start(CallerModule, identity('caller'));
    const rpc = caller.platform.rpcClient;
    expect(await ask(rpc)).toBe(7);
    expect(rpc.channel('pricing').instances()).toMatchObject([{ isUsable: true, transport: 'link' }]);
  });

  it.each<[string, TlsFiles | undefined]>([
    ['in plaintext', undefined],
    ['without a certificate', { caFile: CA }],
    ['with a certificate of another authority', filesOf('stranger')],
  ])('refuses a caller %s', async (_name, files) => {
    await expect(ask(clientWith(files, true))).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('does not answer plaintext on its port', async () => {
    const Client = makeGenericClientConstructor({}, 'none');
    const client = new Client(`127.0.0.1:${provider.grpcPort}`, credentials.createInsecure());
    const error = await new Promise<ServiceError | null>((resolve) => {
      const bytes = (value: Buffer): Buffer => value;
      const { path } = PricingServiceClient.definition.methods[0] ?? { path: '' };
      client.makeUnaryRequest(path, bytes, bytes, Buffer.alloc(0), { deadline: Date.now() + 3000 }, resolve);
    });
    client.close();
    expect([4, 14]).toContain(error?.code);
  });

  it('takes callers without a certificate where it is told to', async () => {
    await provider.stop();
    await start(ProviderModule, { ...settingsOf(folder.files), TLS_REQUIRE_CLIENT_CERT: 'false' });
    expect(await ask(clientWith({ caFile: CA }))).toBe(7);
  });

  it('shows a renewed certificate on both ports without a restart', async () => {
    const ports = [provider.grpcPort, provider.httpPort];
    for (const port of ports) expect(await shownAt(port)).toBe('provider');
    folder.give('provider-renewed');
    for (const port of ports) await untilShown(port, 'provider-renewed');
    const caller = await start(CallerModule, identity('caller'));
    expect(await ask(caller.platform.rpcClient)).toBe(7);
  });

  it('shows on /metrics when its certificate ends, and that new files are refused', async () => {
    const { metrics } = provider.platform.telemetry;
    const end = Date.UTC(2120, 0, 1) / 1000;
    const shown = async () => [...(await metrics.render()).matchAll(/^rookery_tls_\w+ \S+$/gm)].join();
    expect(await shown()).toBe(`rookery_tls_certificate_end_seconds ${end},rookery_tls_files_refused 0`);
    folder.copy('keyFile', 'stranger.key.pem');
    await until('the key is refused', () => provider.platform.tls?.isRefusing === true);
    expect(await shown()).toMatch(/_refused 1$/);
  });

  it('serves health over TLS, also to probes without a certificate', async () => {
    const status = await new Promise((resolve, reject) => {
      const url = `https://127.0.0.1:${provider.httpPort}/readyz`;
      get(url, { ca: readFileSync(CA), agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
    expect(status).toBe(200);
    await expect(fetch(`http://127.0.0.1:${provider.httpPort}/readyz`)).rejects.toThrow();
  });
});
