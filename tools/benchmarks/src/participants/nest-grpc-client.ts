/** A consumer of pricing on Nest's own gRPC transport. Argument: the provider's port. */
import 'reflect-metadata';
import { firstValueFrom } from 'rxjs';

import { announce, callOnDemand } from './closed-loop.js';
import { nestPricingClient } from './nest-pricing-client.js';
import { checkQuote, ORDER } from './quote.js';

const provider = nestPricingClient(process.argv[2] ?? '');
checkQuote(ORDER, await firstValueFrom(provider.quotePrice(ORDER)));
callOnDemand(() => firstValueFrom(provider.quotePrice(ORDER)));
announce({});
