/** A consumer of pricing through the whole client side of the rpc library. Arguments: port and incarnation of the provider. */
import { PricingServiceClient } from '@rookery/contracts/nest';
import { StaticCatalogue, StaticResolver } from '@rookery/discovery';
import { RpcClient } from '@rookery/rpc';

import { announce, callOnDemand } from './closed-loop.js';
import { startTelemetry, system } from './platform.js';
import { providerOf } from './provider.js';
import { checkQuote, ORDER } from './quote.js';

const [port = '', incarnation = ''] = process.argv.slice(2);
const { identity, calls } = startTelemetry('consumer');
const catalogue = new StaticCatalogue([providerOf(Number(port), incarnation)]);
const rpc = new RpcClient({
  ...system,
  resolver: new StaticResolver({ ...system, catalogue }),
  observer: calls,
  security: { isPlaintextAllowed: false },
  self: identity,
});
const provider = rpc.client(PricingServiceClient);
checkQuote(ORDER, await provider.quotePrice(ORDER));
callOnDemand(() => provider.quotePrice(ORDER));
announce({});
