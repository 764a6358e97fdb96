import { Controller, Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { pricing } from '@rookery/contracts/messages';
import { type PricingServiceController, PricingServiceControllerMethods } from '@rookery/contracts/nest';
import { currentScope } from '@rookery/rpc';
import { DomainError } from '@rookery/runtime';
import { ServiceKitModule } from '@rookery/service-kit';
import { type ServiceUnderTest, startUnderTest } from '@rookery/service-kit/testing';
import { until } from '@rookery/testkit';

import { AppModule } from '../src/app.module.js';
import { statusOf } from './status-of.js';
import { type TokenIssuer, startTokenIssuer } from './token-issuer.js';

/** Of the calls that came to the provider. */
const traces: { traceparent: string | undefined; tracestate: string | undefined }[] = [];

@Controller()
@PricingServiceControllerMethods()
class PricingController implements PricingServiceController {
  quotePrice({ currency, lines }: pricing.QuotePriceRequest): pricing.QuotePriceResponse {
    const minorUnits = lines.reduce((sum, line) => sum + line.quantity * 100, 0);
    return { total: { currency, minorUnits }, lines: [], validUntil: new Date(0) };
  }

  getPrice({ sku }: pricing.GetPriceRequest): pricing.GetPriceResponse {
    const { traceparent, tracestate } = currentScope() ?? {};
    traces.push({ traceparent, tracestate });
    if (sku === 'none') throw new DomainError('SKU_UNKNOWN', 'there is no price for none', { kind: 'not-found' });
    return { sku, unitPrice: { currency: 'EUR', minorUnits: 250 } };
  }
}

@Module({ imports: [ServiceKitModule.forRoot({ name: 'pricing' })], controllers: [PricingController] })
class PricingModule {}

let issuer: TokenIssuer;
let gateway: ServiceUnderTest;
let provider: ServiceUnderTest;
let url: string;

beforeAll(async () => {
  issuer = await startTokenIssuer();
  const trust = { AUTH_JWKS_URL: issuer.jwksUrl, AUTH_ISSUER: 'test-issuer' };
  gateway = await startUnderTest(AppModule, { ...trust, GATEWAY_PORT: '0' });
  url = `http://127.0.0.1:${gateway.service.platform.endpoints.all()['edge']}`;
  provider = await startUnderTest(PricingModule, trust, gateway.catalogue);
  await until('the route is there', async () => (await statusOf(`${url}/v1/prices/tea`)) === 401);
});

afterAll(async () => {
  await provider.stop();
  await gateway.stop();
  issuer.close();
});

async function request(
  path: string,
  token: string | undefined,
  body?: unknown,
): Promise<{ status: number; json: unknown }> {
  const response = await fetch(url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: await response.json() };
}

describe('a provider that appears in the registry', () => {
  it('is reachable over HTTP by its own contract', async () => {
    const token = await issuer.token('pricing:read');
    expect(await request('/v1/prices/tea', token)).toEqual({
      status: 200,
      json: { sku: 'tea', unitPrice: { currency: 'EUR', minorUnits: '250' } },
    });
    const quote = await request('/v1/quotes', token, { currency: 'EUR', lines: [{ sku: 'tea', quantity: 3 }] });
    expect(quote).toMatchObject({
      status: 200,
      json: { total: { minorUnits: '300' }, validUntil: '1970-01-01T00:00:00Z' },
    });
  });

  it('goes on with the trace of the request, and with what other vendors say of it', async () => {
    const authorization = `Bearer ${await issuer.token('pricing:read')}`;
    const ask = async (traceparent: string) => {
      await fetch(`${url}/v1/prices/tea`, { headers: { authorization, traceparent, tracestate: 'a=1 ,b=2' } });
      return traces.at(-1);
    };
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    expect(await ask(`00-${trace}-00f067aa0ba902b7-03`)).toEqual({
      traceparent: expect.stringMatching(`^00-${trace}-(?!00f067aa0ba902b7)[0-9a-f]{16}-03$`),
      tracestate: 'a=1,b=2',
    });
    expect(await ask(`ff-${trace}-00f067aa0ba902b7-01`)).toEqual({
      traceparent: expect.not.stringContaining(trace),
      tracestate: undefined,
    });
  });

  it('answers in its own words when it refuses', async () => {
    const token = await issuer.token('pricing:read');
    expect(await request('/v1/prices/none', token)).toMatchObject({ status: 404, json: { code: 'SKU_UNKNOWN' } });
    expect(await request('/v1/quotes', token, { currency: 'EUR', lines: [{ sku: 'tea', quantity: 0 }] })).toMatchObject(
      {
        status: 400,
        json: { violations: [{ field: 'lines[0].quantity' }] },
      },
    );
  });

  it('is seen by the monitor both ways: as what the gateway answered and as what it called', async () => {
    const token = await issuer.token('pricing:read');
    await request('/v1/quotes', token, { currency: 'EUR', lines: [{ sku: 'tea', quantity: 1 }] });
    const { calleeSeries, callerSeries } = gateway.service.platform.telemetry.calls;
    expect([...calleeSeries].map(({ method }) => method)).toContain('HTTP POST /v1/quotes');
    const called = [...callerSeries].map(({ service, method }) => `${service} ${method}`);
    expect(called).toContain('pricing /rookery.pricing.v1.PricingService/QuotePrice');
  });

  it('is named with its routes on the admin port', async () => {
    const response = await fetch(`${gateway.http}/routes`);
    const { routes } = (await response.json()) as { routes: { route: string; service: string }[] };
    expect(routes.map(({ route, service }) => `${route} ${service}`)).toEqual([
      'POST /v1/quotes pricing',
      'GET /v1/prices/{sku} pricing',
    ]);
  });
});

describe('a caller', () => {
  it.each<[string, () => Promise<string | undefined>, number, string]>([
    ['without a token', async () => undefined, 401, 'TOKEN_MISSING'],
    ['with an expired token', () => issuer.token('pricing:read', { exp: 1000 }), 401, 'TOKEN_EXPIRED'],
    ['with a token for somebody else', () => issuer.token('pricing:read', { aud: 'other' }), 401, 'TOKEN_AUDIENCE'],
    ['with a token of another issuer', () => issuer.token('pricing:read', { iss: 'x' }), 401, 'TOKEN_ISSUER'],
    ['with a token that nobody signed', async () => issuer.unsigned('pricing:read'), 401, 'TOKEN_INVALID'],
    ['without the scope', () => issuer.token('pricing:write'), 403, 'SCOPE_MISSING'],
  ])('%s is refused', async (_name, token, status, code) => {
    expect(await request('/v1/prices/tea', await token())).toMatchObject({ status, json: { status, code } });
  });
});

it('a service whose last instance has gone answers 503 with Retry-After', async () => {
  await provider.service.stop();
  const token = await issuer.token('pricing:read');
  const response = await fetch(`${url}/v1/prices/tea`, { headers: { authorization: `Bearer ${token}` } });
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await response.json()).toMatchObject({ code: 'NO_PROVIDER' });
});
