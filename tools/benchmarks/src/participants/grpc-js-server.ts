/** A pricing provider on bare grpc-js and proto-loader. */
import * as grpc from '@grpc/grpc-js';
import type { pricing } from '@rookery/contracts/messages';

import { announce } from './closed-loop.js';
import { pricingService } from './grpc-js-service.js';
import { grpcQuote } from './quote.js';

const server = new grpc.Server();
server.addService(pricingService().service, {
  quotePrice: (call: grpc.ServerUnaryCall<pricing.QuotePriceRequest, object>, reply: grpc.sendUnaryData<object>) =>
    reply(null, grpcQuote(call.request)),
});
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  announce({ port });
});
