/** A pricing provider: an ordinary Nest controller behind the whole server side of the rpc library, telemetry included. */
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { pricing } from '@rookery/contracts/messages';
import { type PricingServiceController, PricingServiceControllerMethods } from '@rookery/contracts/nest';
import { connectRpc, RpcServer, type ServerMethod } from '@rookery/rpc';

import { announce } from './closed-loop.js';
import { startTelemetry, system } from './platform.js';
import { quote } from './quote.js';

@Controller()
@PricingServiceControllerMethods()
class PricingGrpcController implements PricingServiceController {
  quotePrice(request: pricing.QuotePriceRequest): pricing.QuotePriceResponse {
    return quote(request);
  }

  getPrice({ sku }: pricing.GetPriceRequest): pricing.GetPriceResponse {
    return { sku, unitPrice: { currency: 'EUR', minorUnits: 1 } };
  }
}

@Module({ controllers: [PricingGrpcController] })
class PricingModule {}

/** Asks nobody for a token: neither do the frameworks that it is compared with. */
class OpenServer extends RpcServer {
  override add(methods: readonly ServerMethod[]): void {
    const access = { scopes: [], isPublic: true, isInternal: false };
    super.add(methods.map((method) => ({ ...method, definition: { ...method.definition, access } })));
  }
}

const { identity, calls, traceIds } = startTelemetry('pricing');
const server = new OpenServer({
  ...system,
  observer: calls,
  self: identity,
  concurrencyLimit: 1000,
  verifier: undefined,
  startSpan: (traceparent) => traceIds.childOf(traceparent),
  onHiddenError: (error) => process.stderr.write(`${String(error)}\n`),
  security: { requiresClientCertificate: false },
});
const app = await NestFactory.create(PricingModule, new FastifyAdapter(), { logger: false });
const strategy = connectRpc(app, server, '127.0.0.1', 0);
await app.startAllMicroservices();
server.setServing(true);
announce({ port: strategy.port, incarnation: identity.incarnation });
