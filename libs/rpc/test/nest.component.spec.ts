import {
  BadRequestException,
  type CanActivate,
  Catch,
  Controller,
  type ExceptionFilter,
  Injectable,
  type NestInterceptor,
  type PipeTransform,
  Scope,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
  type CallHandler,
  type INestApplication,
  Module,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { pricing } from '@rookery/contracts/messages';
import {
  type CallContext,
  PricingServiceClient,
  type PricingServiceController,
  PricingServiceControllerMethods,
} from '@rookery/contracts/nest';
import { DomainError } from '@rookery/runtime';
import { describedInstance, HeldResolver } from '@rookery/testkit';
import { map, type Observable, throwError } from 'rxjs';

import { currentScope } from '../src/call-context.js';
import type { RpcClient } from '../src/client/rpc-client.js';
import { connectRpc } from '../src/nest/connect-rpc.js';
import { RpcClientModule } from '../src/nest/rpc-client.module.js';
import { TokenVerifier } from '../src/security/token-verifier.js';
import { RpcServer } from '../src/server/rpc-server.js';
import { clientOf, failureOf, system } from './provider.js';
import { AUDIENCE, ISSUER, TestIssuer } from './test-issuer.js';

type Price = pricing.GetPriceResponse;

@Injectable()
class DenyForbidden implements CanActivate {
  canActivate(context: Parameters<CanActivate['canActivate']>[0]): boolean {
    const [request] = context.getArgs<[pricing.GetPriceRequest]>();
    return request.sku !== 'guarded';
  }
}

@Injectable()
class RefuseOdd implements PipeTransform {
  transform(value: unknown): unknown {
    if ((value as Partial<pricing.GetPriceRequest>).sku === 'odd') throw new BadRequestException(['sku is odd']);
    return value;
  }
}

@Injectable()
class Shout implements NestInterceptor {
  intercept(_context: unknown, next: CallHandler<Price>): Observable<Price> {
    return next.handle().pipe(map((price) => ({ ...price, sku: price.sku.toUpperCase() })));
  }
}

class OutOfStock extends Error {}

@Catch(OutOfStock)
class MapOutOfStock implements ExceptionFilter {
  catch(): Observable<never> {
    return throwError(() => new DomainError('OUT_OF_STOCK', 'none is left', { kind: 'failed-precondition' }));
  }
}

const hiddenErrors: unknown[] = [];
let made = 0;

@Controller({ scope: Scope.REQUEST })
@PricingServiceControllerMethods()
@UseGuards(DenyForbidden)
@UsePipes(RefuseOdd)
@UseFilters(MapOutOfStock)
class PricingController implements PricingServiceController {
  private readonly number = ++made;

  quotePrice(): Promise<pricing.QuotePriceResponse> {
    return Promise.reject(new TypeError('password=secret at /etc/passwd'));
  }

  @UseInterceptors(Shout)
  getPrice({ sku }: pricing.GetPriceRequest, context: CallContext): Price {
    if (sku === 'gone') throw new OutOfStock();
    if (sku === 'domain') throw new DomainError('NO_SUCH_SKU', 'unknown sku', { kind: 'not-found', metadata: { sku } });
    const subject = currentScope()?.principal?.subject ?? 'nobody';
    context.setTrailer('instance-of-controller', String(this.number));
    return { sku: `${sku} for ${subject}`, unitPrice: undefined };
  }
}

@Module({ controllers: [PricingController] })
class NearModule {}

let issuer: TestIssuer;
let app: INestApplication;
let server: RpcServer;
let port: number;

beforeAll(async () => {
  issuer = await TestIssuer.start();
  server = new RpcServer({
    ...system,
    concurrencyLimit: 100,
    verifier: new TokenVerifier({ ...system, jwksUrl: issuer.jwksUrl, issuer: ISSUER, audience: AUDIENCE }),
    startSpan: (traceparent) => traceparent,
    onHiddenError: (error) => hiddenErrors.push(error),
    security: { requiresClientCertificate: false },
    self: { service: 'pricing', instanceId: 'p1', incarnation: 'first' },
  });
  app = await NestFactory.create(NearModule, new FastifyAdapter(), { logger: false });
  const strategy = connectRpc(app, server, '127.0.0.1', 0);
  await app.startAllMicroservices();
  port = strategy.port;
});
afterAll(async () => {
  await server.drain(1000);
  await app.close();
  await issuer.close();
});

describe.each([
  ['the link', ['link']],
  ['plain gRPC', []],
])('a Nest controller called over %s', (_way, capabilities) => {
  let client: RpcClient;
  let api: PricingServiceClient;
  let token: string;
  beforeAll(async () => {
    client = clientOf(new HeldResolver([describedInstance('p1', port, { service: 'pricing', capabilities })]));
    api = client.client(PricingServiceClient);
    token = await issuer.token();
  });
  afterAll(() => client.close());
  const price = (sku: string, options: object = { token }): Promise<Price> =>
    api.getPrice({ sku, currency: '' }, options);

  it('answers, through its interceptor, and knows who calls', async () => {
    expect(await price('tea')).toMatchObject({ sku: 'TEA FOR ALICE' });
  });

  it('is made anew for each call where it says so', async () => {
    const seen = new Set<unknown>();
    for (let round = 0; round < 3; round++) {
      await price('tea', { token, onTrailers: (trailers: Map<string, unknown>) => seen.add(trailers.get('instance-of-controller')) }); // prettier-ignore
    }
    expect(seen.size).toBe(3);
  });

  it.each([
    ['its guard denies', 'guarded', { kind: 'permission-denied' }],
    ['its pipe throws', 'odd', { kind: 'invalid-argument', message: 'sku is odd' }],
    ['its filter maps', 'gone', { code: 'OUT_OF_STOCK', kind: 'failed-precondition', message: 'none is left' }],
    ['it throws a DomainError', 'domain', { code: 'NO_SUCH_SKU', kind: 'not-found', metadata: { sku: 'domain' } }],
  ])('refuses as told when %s', async (_what, sku, expected) => {
    expect(await failureOf(price(sku))).toMatchObject(expected);
  });

  it('names the fields that break the contract’s rules', async () => {
    const failure = await failureOf(api.quotePrice({ currency: 'EURO', lines: [{ sku: '', quantity: 0 }] }, { token }));
    expect(failure).toMatchObject({ code: 'INVALID_REQUEST', kind: 'invalid-argument' });
    const fields = (failure as DomainError).violations.map(({ field }) => field);
    expect(fields.length).toBeGreaterThan(0);
    expect(fields.every((field) => /^(currency|lines)/.test(field))).toBe(true);
  });

  it('shows nothing of an unexpected error, which goes to the log', async () => {
    hiddenErrors.length = 0;
    const failure = await failureOf(api.quotePrice({ currency: 'EUR', lines: [{ sku: 'a', quantity: 1 }] }, { token }));
    expect(failure).toMatchObject({ kind: 'internal', message: 'internal error' });
    expect(JSON.stringify(failure)).not.toContain('secret');
    expect((failure as Error).stack).not.toContain('PricingController');
    expect(String(hiddenErrors[0])).toContain('password=secret');
  });

  it.each([
    ['without a token', () => Promise.resolve({}), 'TOKEN_MISSING', 'unauthenticated'],
    [
      'with a token for elsewhere',
      async () => ({ token: await issuer.token({ aud: 'x' }) }),
      'TOKEN_AUDIENCE',
      'unauthenticated',
    ],
    [
      'without the scope',
      async () => ({ token: await issuer.token({ scope: 'other' }) }),
      'SCOPE_MISSING',
      'permission-denied',
    ],
    ['with an unsigned token', () => Promise.resolve({ token: issuer.unsigned() }), 'TOKEN_INVALID', 'unauthenticated'],
  ] as const)('refuses a call %s', async (_what, options, code, kind) => {
    expect(await failureOf(price('tea', await options()))).toMatchObject({ code, kind });
  });
});

describe('a provider that calls another', () => {
  it('forwards who called, and the other verifies it again', async () => {
    const far = describedInstance('p1', port, { service: 'pricing' });
    const near = clientOf(new HeldResolver([far]));
    const forward = near.client(PricingServiceClient);

    @Controller()
    @PricingServiceControllerMethods()
    class Forwarding implements PricingServiceController {
      quotePrice(request: pricing.QuotePriceRequest): Promise<pricing.QuotePriceResponse> {
        return forward.quotePrice(request);
      }

      getPrice(request: pricing.GetPriceRequest): Promise<Price> {
        return forward.getPrice(request);
      }
    }
    @Module({ imports: [RpcClientModule.forFeature([])], controllers: [Forwarding] })
    class ForwardingModule {}

    // This one believes whatever it is told: the far one does not.
    const verifier = { verifyHeader: (header: string) => ({ subject: 'claimed', scopes: new Set(['pricing:read']), token: header.slice(7), expiresAt: 4e9 }) } as unknown as TokenVerifier; // prettier-ignore
    const credulous = new RpcServer({
      ...system,
      concurrencyLimit: 100,
      verifier,
      startSpan: (traceparent) => traceparent,
      onHiddenError: () => undefined,
      security: { requiresClientCertificate: false },
      self: { service: 'pricing', instanceId: 'near', incarnation: 'first' },
    });
    const nearApp = await NestFactory.create(ForwardingModule, new FastifyAdapter(), { logger: false });
    const strategy = connectRpc(nearApp, credulous, '127.0.0.1', 0);
    await nearApp.startAllMicroservices();
    const client = clientOf(new HeldResolver([describedInstance('near', strategy.port, { service: 'pricing' })]));
    const api = client.client(PricingServiceClient);
    const good = await api.getPrice({ sku: 'tea', currency: '' }, { token: await issuer.token() });
    expect(good.sku).toBe('TEA FOR ALICE');
    const failure = await failureOf(api.getPrice({ sku: 'tea', currency: '' }, { token: issuer.unsigned() }));
    expect(failure).toMatchObject({ code: 'TOKEN_INVALID', kind: 'unauthenticated' });
    await client.close();
    await credulous.drain(1000);
    await nearApp.close();
    await near.close();
  });
});
