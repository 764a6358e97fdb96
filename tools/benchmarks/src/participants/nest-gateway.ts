/** A gateway as Nest's documentation has it: Fastify in front, ClientGrpc behind. Argument: the provider's port. */
import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { Body, Controller, HttpCode, Inject, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { pricing } from '@rookery/contracts/messages';
import type { Observable } from 'rxjs';

import { announce } from './closed-loop.js';
import { type NestPricingClient, nestPricingClient } from './nest-pricing-client.js';

abstract class Provider implements NestPricingClient {
  abstract quotePrice(request: pricing.QuotePriceRequest): Observable<object>;
}

@Controller('v1')
class QuotesController {
  constructor(@Inject(Provider) private readonly provider: NestPricingClient) {}

  @Post('quotes')
  @HttpCode(200)
  quote(@Body() request: object): Observable<object> {
    return this.provider.quotePrice(request as pricing.QuotePriceRequest);
  }
}

@Module({
  controllers: [QuotesController],
  providers: [{ provide: Provider, useFactory: () => nestPricingClient(process.argv[2] ?? '') }],
})
class GatewayModule {}

const app = await NestFactory.create<NestFastifyApplication>(GatewayModule, new FastifyAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');
announce({ port: (app.getHttpServer().address() as AddressInfo).port });
