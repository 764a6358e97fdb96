import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PricingServiceClient } from '@rookery/contracts/nest';
import { DomainError } from '@rookery/runtime';
import { type ServiceUnderTest, startUnderTest } from '@rookery/service-kit/testing';
import { AppModule } from '../src/app.module.js';

let service: ServiceUnderTest;
let client: PricingServiceClient;
let token: string;

beforeAll(async () => {
  service = await startUnderTest(AppModule);
  client = service.client(PricingServiceClient);
  token = await service.token(['pricing:read']);
});

afterAll(() => service.stop());

async function refusal(call: Promise<unknown>): Promise<DomainError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof DomainError) return error;
  throw new Error(`expected a DomainError, got ${String(error)}`);
}

describe('pricing', () => {
  it('quotes a basket', async () => {
    const lines = [
      { sku: 'tea', quantity: 2 },
      { sku: 'mug', quantity: 1 },
    ];
    const before = Date.now();
    const quote = await client.quotePrice({ currency: 'EUR', lines }, { token });
    expect(quote.total).toEqual({ currency: 'EUR', minorUnits: 2150 });
    expect(quote.lines[0]).toEqual({
      sku: 'tea',
      quantity: 2,
      unitPrice: { currency: 'EUR', minorUnits: 450 },
      linePrice: { currency: 'EUR', minorUnits: 900 },
    });
    expect(quote.validUntil?.getTime()).toBeGreaterThanOrEqual(before + 5 * 60_000);
  });

  it.each([
    ['', 'EUR', 899],
    ['USD', 'USD', 989],
    ['JPY', 'JPY', 1438],
  ])('prices in %j', async (asked, currency, minorUnits) => {
    const price = await client.getPrice({ sku: 'coffee', currency: asked }, { token });
    expect(price).toEqual({ sku: 'coffee', unitPrice: { currency, minorUnits } });
  });

  it('asks for a variant what it asks for the article', async () => {
    const price = await client.getPrice({ sku: 'mug.blue', currency: 'EUR' }, { token });
    expect(price).toEqual({ sku: 'mug.blue', unitPrice: { currency: 'EUR', minorUnits: 1250 } });
  });

  it('has no price for what it does not know', async () => {
    const error = await refusal(client.getPrice({ sku: 'unicorn', currency: '' }, { token }));
    expect(error).toMatchObject({ kind: 'not-found', code: 'SKU_UNKNOWN', metadata: { sku: 'unicorn' } });
  });

  it('refuses a currency without a rate', async () => {
    const error = await refusal(client.getPrice({ sku: 'tea', currency: 'XXX' }, { token }));
    expect(error).toMatchObject({ kind: 'failed-precondition', code: 'CURRENCY_UNSUPPORTED' });
  });

  it('names each field that breaks a rule', async () => {
    const lines = [{ sku: '', quantity: 0 }];
    const error = await refusal(client.quotePrice({ currency: 'euro', lines }, { token }));
    expect(error.kind).toBe('invalid-argument');
    expect(error.violations.map(({ field }) => field)).toEqual(['currency', 'lines[0].sku', 'lines[0].quantity']);
  });

  it('is closed without a token and without the scope', async () => {
    expect(await refusal(client.getPrice({ sku: 'tea', currency: '' }))).toMatchObject({ kind: 'unauthenticated' });
    const scopeless = await service.token([]);
    expect(await refusal(client.getPrice({ sku: 'tea', currency: '' }, { token: scopeless }))).toMatchObject({
      kind: 'permission-denied',
      code: 'SCOPE_MISSING',
    });
  });
});
