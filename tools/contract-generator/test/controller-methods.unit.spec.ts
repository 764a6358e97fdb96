import { describe, expect, it } from '@jest/globals';
import { Controller, Injectable, type PipeTransform } from '@nestjs/common';
import { type CustomTransportStrategy, Payload, Server } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import type { pricing } from '@rookery/contracts/messages';
import {
  type CallContext,
  LinkDefinition,
  type PricingServiceController,
  PricingServiceClient,
  PricingServiceControllerMethods,
  PricingServiceDefinition,
} from '@rookery/contracts/nest';

const QUOTE = '/rookery.pricing.v1.PricingService/QuotePrice';
const PRICE = '/rookery.pricing.v1.PricingService/GetPrice';
const response: pricing.GetPriceResponse = { sku: 'a', unitPrice: undefined };

/** Says with what it was called. */
class Recorded {
  readonly calls: unknown[][] = [];

  quotePrice(...call: unknown[]): pricing.QuotePriceResponse {
    this.calls.push(call);
    return { total: undefined, lines: [], validUntil: undefined };
  }

  getPrice(...call: unknown[]): pricing.GetPriceResponse {
    this.calls.push(call);
    return response;
  }
}

@Injectable()
class Shouting implements PipeTransform {
  transform(request: pricing.GetPriceRequest): pricing.GetPriceRequest {
    return { ...request, sku: request.sku.toUpperCase() };
  }
}

@Controller()
@PricingServiceControllerMethods()
class PlainController extends Recorded implements PricingServiceController {}

@Controller()
@PricingServiceControllerMethods()
class DecoratedController implements PricingServiceController {
  quotePrice(): pricing.QuotePriceResponse {
    return { total: undefined, lines: [], validUntil: undefined };
  }

  getPrice(@Payload(Shouting) request: pricing.GetPriceRequest): pricing.GetPriceResponse {
    return { ...response, sku: request.sku };
  }
}

class CollectingStrategy extends Server implements CustomTransportStrategy {
  listen(done: () => void): void {
    done();
  }
  close(): void {}
  on(): void {}
  unwrap<T>(): T {
    throw new Error('there is no server behind this');
  }
}

async function serve(controller: new () => object): Promise<{ strategy: CollectingStrategy; instance: object }> {
  const module = await Test.createTestingModule({ controllers: [controller] }).compile();
  const strategy = new CollectingStrategy();
  const app = module.createNestMicroservice({ strategy, logger: false });
  await app.listen();
  await app.close();
  return { strategy, instance: module.get(controller) };
}

describe('A class marked with its service’s controller methods', () => {
  it('has a Nest handler for each method, by the method’s path', async () => {
    const { strategy } = await serve(PlainController);
    expect([...strategy.getHandlers().keys()].sort()).toEqual([PRICE, QUOTE]);
  });

  it('hands the definition to the handler', async () => {
    const { strategy } = await serve(PlainController);
    expect(strategy.getHandlerByPattern(PRICE)?.extras).toEqual({ method: PricingServiceDefinition.method.getPrice });
  });

  it('gets request and call context', async () => {
    const { strategy, instance } = await serve(PlainController);
    const request = { sku: 'a', currency: 'EUR' };
    const context = { peer: 'here' } as CallContext;
    await strategy.getHandlerByPattern(PRICE)?.(request, context);
    expect((instance as Recorded).calls).toEqual([[request, context]]);
  });

  it('keeps parameters that it decorated itself', async () => {
    const { strategy } = await serve(DecoratedController);
    const handled: unknown = await strategy.getHandlerByPattern(PRICE)?.({ sku: 'a', currency: 'EUR' }, {});
    expect(handled).toEqual({ ...response, sku: 'A' });
  });

  it('cannot be defined without one of the methods', () => {
    class HalfController {
      quotePrice(): void {}
    }
    const decorate = PricingServiceControllerMethods() as (controller: new () => object) => void;
    expect(() => {
      decorate(HalfController);
    }).toThrow('HalfController serves rookery.pricing.v1.PricingService and has no method getPrice()');
  });
});

describe('A client class', () => {
  it('is a token that carries its definition', () => {
    expect(PricingServiceClient.definition).toBe(PricingServiceDefinition);
    expect(PricingServiceDefinition).toMatchObject({ name: 'rookery.pricing.v1.PricingService', service: 'pricing' });
  });

  it('knows streams and internal methods', () => {
    expect(LinkDefinition.method.open).toMatchObject({
      requestStream: true,
      responseStream: true,
      access: { scopes: [], isPublic: false, isInternal: true },
    });
  });
});
