/** A consumer of pricing on bare grpc-js and proto-loader. Argument: the provider's port. */
import * as grpc from '@grpc/grpc-js';

import { announce, callOnDemand } from './closed-loop.js';
import { pricingService } from './grpc-js-service.js';
import { checkQuote, ORDER } from './quote.js';

type QuotePrice = (request: object, done: (error: grpc.ServiceError | null, answer?: object) => void) => void;

const PricingService = pricingService();
const client = new PricingService(`127.0.0.1:${process.argv[2]}`, grpc.credentials.createInsecure());
const quotePrice = (client['QuotePrice'] as QuotePrice).bind(client);
const call = (): Promise<unknown> =>
  new Promise((resolve, reject) => {
    quotePrice(ORDER, (error, answer) => {
      if (error === null) resolve(answer);
      else reject(error);
    });
  });
checkQuote(ORDER, await call());
callOnDemand(call);
announce({});
