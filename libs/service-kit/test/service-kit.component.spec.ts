import { type AddressInfo, connect, createServer } from 'node:net';
import { Controller, Get, Injectable, Module } from '@nestjs/common';
import type { pricing } from '@rookery/contracts/messages';
import {
  PricingServiceClient,
  type PricingServiceController,
  PricingServiceControllerMethods,
} from '@rookery/contracts/nest';
import { DomainError } from '@rookery/runtime';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  ConfigError,
  Readiness,
  type Requirement,
  ServiceKitModule,
  setting,
  settings,
  StartError,
  startService,
} from '../src/index.js';
import { type ServiceUnderTest, startUnderTest } from '../src/testing/index.js';

class SampleConfig extends settings({
  SAMPLE_PRICE: setting.integer({ meaning: 'What everything costs.', default: 5, min: 0, max: 100 }),
}) {}

@Injectable()
class Work {
  private release: () => void = () => undefined;
  started: () => void = () => undefined;

  /** Lasts until it is released. */
  wait(): Promise<void> {
    this.started();
    return new Promise((resolve) => (this.release = resolve));
  }

  end(): void {
    this.release();
  }
}

@Controller()
@PricingServiceControllerMethods()
class SampleGrpcController implements PricingServiceController {
  constructor(
    private readonly config: SampleConfig,
    private readonly work: Work,
  ) {}

  async quotePrice({ currency }: pricing.QuotePriceRequest): Promise<pricing.QuotePriceResponse> {
    await this.work.wait();
    return { total: { currency, minorUnits: this.config.SAMPLE_PRICE }, lines: [], validUntil: undefined };
  }

  getPrice({ sku }: pricing.GetPriceRequest): pricing.GetPriceResponse {
    if (sku === 'bug') throw new Error('the secret reason');
    return { sku, unitPrice: { currency: 'EUR', minorUnits: this.config.SAMPLE_PRICE } };
  }
}

@Controller()
class SampleHttpController {
  constructor(private readonly work: Work) {}

  @Get('work')
  async finish(): Promise<string> {
    await this.work.wait();
    return 'done';
  }
}

@Module({
  imports: [ServiceKitModule.forRoot({ name: 'pricing', config: SampleConfig })],
  controllers: [SampleGrpcController, SampleHttpController],
  providers: [Work],
})
class SampleModule {}

let service: ServiceUnderTest;

afterEach(() => service.stop());

async function get(path: string): Promise<{ status: number; body: string }> {
  const response = await fetch(`${service.http}${path}`);
  return { status: response.status, body: await response.text() };
}

describe('a service of the kit', () => {
  it('registers what it is, serves health and metrics, and is gone after the stop', async () => {
    service = await startUnderTest(SampleModule, { INSTANCE_ID: 'pricing-7', ZONE: 'b', WEIGHT: '50' });
    const [instance] = service.catalogue.answer('pricing').usable;
    expect(instance).toMatchObject({
      id: 'pricing-7',
      zone: 'b',
      weight: 50,
      capabilities: ['link'],
      endpoints: { grpc: { host: '127.0.0.1', port: service.service.grpcPort, isSecure: false } },
      contractDigest: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(JSON.parse((await get('/livez')).body)).toMatchObject({ status: 'live', id: 'pricing-7', pid: process.pid });
    expect(await get('/readyz')).toMatchObject({ status: 200 });
    expect((await get('/metrics')).body).toContain('rookery_');
    expect(await service.service.stop()).toMatchObject({ isClean: true });
    expect(service.catalogue.answer('pricing').usable).toEqual([]);
    await expect(fetch(`${service.http}/livez`)).rejects.toThrow();
  });

  it('is as old as those that serve already, so that a rolling restart makes no service younger', async () => {
    service = await startUnderTest(SampleModule);
    const { catalogue } = service;
    const [first] = catalogue.answer('pricing').usable;
    if (first === undefined) throw new Error('nothing is registered');
    expect(first.servedSince).toBe(first.startedAt);
    catalogue.put({ ...first, id: 'pricing-old', servedSince: 5 });
    const environment = { REGISTRY: 'static', REPORT_TO: '', LOG_LEVEL: 'silent', DRAIN_PROPAGATION_MS: '0' };
    const trust = { AUTH_JWKS_URL: 'http://127.0.0.1:1/', INSTANCE_ID: 'pricing-new' };
    const next = await startService(SampleModule, { ...environment, ...trust }, { catalogue });
    await next.ready;
    const added = catalogue.answer('pricing').usable.find(({ id }) => id === 'pricing-new');
    expect(added?.servedSince).toBe(5);
    await next.stop();
  });

  it('injects its own settings', async () => {
    service = await startUnderTest(SampleModule, { SAMPLE_PRICE: '42' });
    const token = await service.token(['pricing:read']);
    const price = await service.client(PricingServiceClient).getPrice({ sku: 'x', currency: '' }, { token });
    expect(price.unitPrice?.minorUnits).toBe(42);
  });

  it('deregisters first, ends what is in work, and answers it', async () => {
    service = await startUnderTest(SampleModule);
    const work = service.service.app.get(Work);
    const token = await service.token(['pricing:read']);
    const begun = new Promise<void>((resolve) => (work.started = resolve));
    const request = { currency: 'EUR', lines: [{ sku: 'x', quantity: 1 }] };
    const call = service.client(PricingServiceClient).quotePrice(request, { token });
    await begun;
    const stopped = service.service.stop();
    expect(await get('/readyz')).toMatchObject({ status: 503, body: expect.stringContaining('draining') });
    expect(service.catalogue.answer('pricing').usable).toEqual([]);
    work.end();
    expect((await call).total?.minorUnits).toBe(5);
    expect(await stopped).toMatchObject({ isClean: true, cutCalls: 0 });
  });

  it('answers HTTP requests in work, and is not held up by connections that never ask', async () => {
    service = await startUnderTest(SampleModule);
    const silent = connect(service.service.httpPort, '127.0.0.1');
    const halting = connect(service.service.httpPort, '127.0.0.1', () => halting.write('GET /livez HTTP/1.1\r\n'));
    for (const socket of [silent, halting]) socket.on('error', () => undefined); // Their end is what counts.
    const closed = [silent, halting].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    const work = service.service.app.get(Work);
    const begun = new Promise<void>((resolve) => (work.started = resolve));
    const request = get('/work');
    await begun;
    const stopped = service.service.stop();
    expect(service.service.platform.lifecycle.inFlight()).toBe(1);
    work.end();
    expect(await request).toEqual({ status: 200, body: 'done' });
    expect(await stopped).toMatchObject({ isClean: true, cutCalls: 0 });
    await Promise.all(closed);
  });

  it('cuts what does not end, and says how much', async () => {
    service = await startUnderTest(SampleModule, { DRAIN_LIMIT_MS: '300' });
    const work = service.service.app.get(Work);
    const token = await service.token(['pricing:read']);
    const begun = new Promise<void>((resolve) => (work.started = resolve));
    const request = { currency: 'EUR', lines: [{ sku: 'x', quantity: 1 }] };
    const call = service.client(PricingServiceClient).quotePrice(request, { token });
    call.catch(() => undefined);
    await begun;
    expect(await service.service.stop()).toMatchObject({ isClean: false, cutCalls: 1 });
    work.end();
  });

  it('tells a caller nothing of a defect, and the log everything', async () => {
    service = await startUnderTest(SampleModule);
    const token = await service.token(['pricing:read']);
    const error: unknown = await service
      .client(PricingServiceClient)
      .getPrice({ sku: 'bug', currency: '' }, { token })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DomainError);
    expect(error).toMatchObject({ kind: 'internal' });
    expect(String((error as Error).message)).not.toContain('secret');
    expect(JSON.stringify(service.log)).toContain('the secret reason');
  });

  it('makes calls fail on purpose, and stops it when told', async () => {
    service = await startUnderTest(SampleModule, { FAULTS_ENABLED: 'true', FAULT_ERROR_RATE: '1' });
    const token = await service.token(['pricing:read']);
    const client = service.client(PricingServiceClient);
    const ask = () => client.getPrice({ sku: 'x', currency: '' }, { token, isIdempotent: false });
    await expect(ask()).rejects.toMatchObject({ kind: 'unavailable' });
    const headers = { 'content-type': 'application/json' };
    const put = (body: string) => fetch(`${service.http}/faults`, { method: 'PUT', headers, body });
    expect((await put('{"errorRate":2}')).status).toBe(400);
    expect(await (await put('{"errorRate":0}')).json()).toEqual({ delayMs: 0, errorRate: 0 });
    await expect(ask()).resolves.toMatchObject({ sku: 'x' });
  });

  it('has no fault injection unless it is enabled', async () => {
    service = await startUnderTest(SampleModule);
    expect((await get('/faults')).status).toBe(404);
  });
});

@Module({ imports: [ServiceKitModule.forRoot({ name: 'verifying', verifiesTokens: true })] })
class VerifyingModule {}

describe('a service that cannot start', () => {
  it('is refused under another name, and with wrong settings, before it listens', async () => {
    service = await startUnderTest(SampleModule);
    await expect(startService(SampleModule, { SERVICE_NAME: 'other' })).rejects.toThrow(ConfigError);
    await expect(startService(SampleModule, { SAMPLE_PRICE: '-1' })).rejects.toThrow(/^SAMPLE_PRICE is "-1"/);
  });

  it('is refused without an issuer when its contract asks for scopes, before it listens or registers', async () => {
    service = await startUnderTest(SampleModule);
    const { catalogue } = service;
    const surroundings = { catalogue };
    const environment = { REGISTRY: 'static', REPORT_TO: '', LOG_LEVEL: 'silent', INSTANCE_ID: 'pricing-blind' };
    const start = startService(
      SampleModule,
      { ...environment, GRPC_PORT: String(service.service.grpcPort) },
      surroundings,
    );
    await expect(start).rejects.toThrow(ConfigError);
    await expect(start).rejects.toThrow(
      /^AUTH_JWKS_URL is not set: .* \/rookery\.pricing\.v1\.PricingService\/\w+, which asks for the scope pricing:read,/,
    );
    expect(catalogue.answer('pricing').usable.map(({ id }) => id)).not.toContain('pricing-blind');
  });

  it('is refused in production without the keys of an issuer when it verifies tokens, or with the dev issuer', async () => {
    service = await startUnderTest(SampleModule);
    const environment = { REGISTRY: 'static', REPORT_TO: '', LOG_LEVEL: 'silent', NODE_ENV: 'production' };
    await expect(startService(VerifyingModule, environment)).rejects.toThrow(
      /^AUTH_JWKS_URL is not set: in production/,
    );
    const dev = { ...environment, AUTH_JWKS_URL: 'http://127.0.0.1:1/' };
    await expect(startService(VerifyingModule, dev)).rejects.toThrow(
      /^AUTH_ISSUER is "rookery-dev-issuer": in production/,
    );
    const elsewhere = await startService(VerifyingModule, { ...environment, NODE_ENV: 'test' });
    await elsewhere.stop();
  });

  it.each(['GRPC_PORT', 'HTTP_PORT'])('names %s when it is in use', async (name) => {
    service = await startUnderTest(SampleModule);
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as AddressInfo;
    const start = startService(SampleModule, {
      [name]: String(port),
      AUTH_JWKS_URL: 'http://127.0.0.1:1/',
      REGISTRY: 'static',
      REPORT_TO: '',
      LOG_LEVEL: 'silent',
    });
    await expect(start).rejects.toThrow(StartError);
    await expect(start).rejects.toThrow(`${name}: port ${port} of 127.0.0.1 is in use by another process`);
    holder.close();
  });
});

@Injectable()
class Database {
  readonly connection: Requirement;
  constructor(readiness: Readiness) {
    this.connection = readiness.require('database');
  }
}

@Module({ imports: [ServiceKitModule.forRoot({ name: 'slow' })], providers: [Database] })
class SlowModule {}

describe('readiness', () => {
  it('keeps a service out of the registry until what it needs is there', async () => {
    service = await startUnderTest(SampleModule);
    const { catalogue } = service;
    const slow = await startService(
      SlowModule,
      { REGISTRY: 'static', REPORT_TO: '', LOG_LEVEL: 'silent', DRAIN_PROPAGATION_MS: '0' },
      { catalogue },
    );
    const ready = await fetch(`http://127.0.0.1:${slow.httpPort}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ reasons: ['starting', 'database: not yet there'] });
    expect(catalogue.answer('slow').usable).toEqual([]);
    slow.app.get(Database).connection.met();
    expect(await slow.ready).toBe('ready');
    expect(catalogue.answer('slow').usable).toHaveLength(1);
    await slow.stop();
  });
});
