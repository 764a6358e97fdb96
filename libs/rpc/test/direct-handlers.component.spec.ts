import {
  type CanActivate,
  Catch,
  Controller,
  type ExceptionFilter,
  type INestApplication,
  Injectable,
  Module,
  type NestInterceptor,
  type PipeTransform,
  type Provider,
  Scope,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
  type CallHandler,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, NestFactory } from '@nestjs/core';
import { Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { describe, expect, it } from '@jest/globals';
import type { pricing } from '@rookery/contracts/messages';
import { type CallContext, PricingServiceControllerMethods } from '@rookery/contracts/nest';
import { isObservable, lastValueFrom, map, type Observable, throwError } from 'rxjs';

import { connectRpc } from '../src/nest/connect-rpc.js';
import type { RpcServer } from '../src/server/rpc-server.js';
import type { ServerMethod } from '../src/server/server-method.js';

@Injectable()
class Deny implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

@Injectable()
class Piped implements PipeTransform {
  transform(value: unknown): unknown {
    const { sku } = value as { sku?: string };
    return sku === undefined ? value : { sku: `piped ${sku}` };
  }
}

@Injectable()
class Wrap implements NestInterceptor {
  intercept(_context: unknown, next: CallHandler<pricing.GetPriceResponse>): Observable<pricing.GetPriceResponse> {
    return next.handle().pipe(map((price) => ({ ...price, sku: `wrapped ${price.sku}` })));
  }
}

@Catch()
class Mapped implements ExceptionFilter {
  catch(): Observable<never> {
    return throwError(() => new Error('mapped'));
  }
}

/** Answers with the sku it is asked for, fails for `fail`. */
class Prices {
  private calls = 0;

  getPrice({ sku }: pricing.GetPriceRequest, context?: CallContext): pricing.GetPriceResponse {
    if (sku === 'fail') throw new Error('unmapped');
    if (sku === 'calls') return { sku: String(++this.calls), unitPrice: undefined };
    return { sku: context === undefined ? sku : `${sku} for ${context.peer}`, unitPrice: undefined };
  }

  quotePrice(): Promise<pricing.QuotePriceResponse> {
    return Promise.resolve({ total: undefined, lines: [], validUntil: undefined });
  }
}

interface Setting {
  readonly onClass?: ClassDecorator;
  readonly onMethod?: MethodDecorator;
  readonly onRequest?: ParameterDecorator;
  readonly scope?: Scope;
  readonly providers?: Provider[];
  readonly configure?: (app: INestApplication) => void;
}

function controllerOf({ onClass, onMethod, onRequest, scope }: Setting): new () => Prices {
  class Prepared extends Prices {
    override getPrice(request: pricing.GetPriceRequest, context?: CallContext): pricing.GetPriceResponse {
      return super.getPrice(request, context);
    }
  }
  const method = Object.getOwnPropertyDescriptor(Prepared.prototype, 'getPrice');
  onRequest?.(Prepared.prototype, 'getPrice', 0);
  if (method !== undefined) onMethod?.(Prepared.prototype, 'getPrice', method);
  onClass?.(Prepared);
  PricingServiceControllerMethods()(Prepared);
  Controller(scope === undefined ? {} : { scope })(Prepared);
  return Prepared;
}

type Call = (sku: string) => unknown;

/** Calls `getPrice` as the server would. */
async function withController(setting: Setting, check: (call: Call) => void | Promise<void>): Promise<void> {
  @Module({ controllers: [controllerOf(setting)], providers: setting.providers ?? [] })
  class PricesModule {}
  let methods: readonly ServerMethod[] = [];
  const server = { add: (added: readonly ServerMethod[]) => (methods = added), listen: () => Promise.resolve(1) };
  const app = await NestFactory.create(PricesModule, new FastifyAdapter(), { logger: false });
  setting.configure?.(app);
  connectRpc(app, { ...server, close: () => Promise.resolve() } as unknown as RpcServer, '127.0.0.1', 0);
  await app.startAllMicroservices();
  const method = methods.find(({ definition }) => definition.property === 'getPrice');
  const context = { peer: 'alice' } as CallContext;
  await check((sku) => method?.handler({ sku, currency: '' }, context));
  await app.close();
}

async function outcomeOf(result: unknown): Promise<unknown> {
  try {
    const value: unknown = await result;
    return isObservable(value) ? await lastValueFrom(value) : value;
  } catch (error) {
    return (error as Error).message;
  }
}

const requestScoped = (provide: string, useClass: new () => object): Provider => ({
  provide,
  useClass,
  scope: Scope.REQUEST,
});

const guarded = 'Forbidden resource';
const piped = { sku: 'piped tea for alice' };
const wrapped = { sku: 'wrapped tea for alice' };

describe('a controller around which Nest has nothing to do', () => {
  it('is called as it is, each time the same', () =>
    withController({}, (call) => {
      expect(call('tea')).toEqual({ sku: 'tea for alice', unitPrice: undefined });
      expect([call('calls'), call('calls')]).toMatchObject([{ sku: '1' }, { sku: '2' }]);
      expect(() => call('fail')).toThrow('unmapped');
    }));
});

describe('a controller has around it what Nest puts there:', () => {
  it.each<[string, Setting, unknown]>([
    ['a guard of its class', { onClass: UseGuards(Deny) }, guarded],
    ['a guard of its method', { onMethod: UseGuards(Deny) }, guarded],
    ['a guard of the application', { configure: (app) => app.useGlobalGuards(new Deny()) }, guarded],
    ['a provided guard', { providers: [{ provide: APP_GUARD, useClass: Deny }] }, guarded],
    ['a provided guard for each request', { providers: [requestScoped(APP_GUARD, Deny)] }, guarded],
    ['a pipe of its class', { onClass: UsePipes(Piped) }, piped],
    ['a pipe of its method', { onMethod: UsePipes(Piped) }, piped],
    ['a pipe of its parameter', { onRequest: Payload(Piped) }, { sku: 'piped tea' }],
    ['a pipe of the application', { configure: (app) => app.useGlobalPipes(new Piped()) }, piped],
    ['a provided pipe', { providers: [{ provide: APP_PIPE, useClass: Piped }] }, piped],
    ['a provided pipe for each request', { providers: [requestScoped(APP_PIPE, Piped)] }, piped],
    ['an interceptor of its class', { onClass: UseInterceptors(Wrap) }, wrapped],
    ['an interceptor of its method', { onMethod: UseInterceptors(Wrap) }, wrapped],
    ['an interceptor of the application', { configure: (app) => app.useGlobalInterceptors(new Wrap()) }, wrapped],
    ['a provided interceptor', { providers: [{ provide: APP_INTERCEPTOR, useClass: Wrap }] }, wrapped],
    ['a provided interceptor for each request', { providers: [requestScoped(APP_INTERCEPTOR, Wrap)] }, wrapped],
    ['parameters of its own', { onRequest: Payload() }, { sku: 'tea' }],
  ])('%s', (_what, setting, expected) =>
    withController(setting, async (call) => {
      const outcome = await outcomeOf(call('tea'));
      if (typeof expected === 'string') expect(outcome).toBe(expected);
      else expect(outcome).toMatchObject(expected as object);
    }),
  );

  it.each<[string, Setting]>([
    ['a filter of its class', { onClass: UseFilters(Mapped) }],
    ['a filter of its method', { onMethod: UseFilters(Mapped) }],
    ['a filter of the application', { configure: (app) => app.useGlobalFilters(new Mapped()) }],
    ['a provided filter', { providers: [{ provide: APP_FILTER, useClass: Mapped }] }],
  ])('%s', (_what, setting) =>
    withController(setting, async (call) => expect(await outcomeOf(call('fail'))).toBe('mapped')),
  );

  it('an instance for each call', () =>
    withController({ scope: Scope.REQUEST }, async (call) => {
      expect(await outcomeOf(call('calls'))).toMatchObject({ sku: '1' });
      expect(await outcomeOf(call('calls'))).toMatchObject({ sku: '1' });
    }));
});
