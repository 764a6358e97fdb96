/** A pricing provider on Nest's own gRPC transport. */
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GrpcMethod, type MicroserviceOptions, Transport } from '@nestjs/microservices';
import type { pricing } from '@rookery/contracts/messages';

import { announce } from './closed-loop.js';
import { freePort } from './free-port.js';
import { LOADER_OPTIONS, PACKAGE, PROTO_FILE } from './grpc-contract.js';
import { grpcQuote } from './quote.js';

@Controller()
class PricingController {
  @GrpcMethod('PricingService', 'QuotePrice')
  quotePrice(request: pricing.QuotePriceRequest): object {
    return grpcQuote(request);
  }
}

@Module({ controllers: [PricingController] })
class PricingModule {}

const port = await freePort();
const app = await NestFactory.createMicroservice<MicroserviceOptions>(PricingModule, {
  logger: false,
  transport: Transport.GRPC,
  options: { url: `127.0.0.1:${port}`, package: PACKAGE, protoPath: PROTO_FILE, loader: LOADER_OPTIONS },
});
await app.listen();
announce({ port });
