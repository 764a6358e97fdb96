/** A consumer of pricing on Moleculer's TCP transporter. Argument: the provider's port. */
import { announce, callOnDemand } from './closed-loop.js';
import { moleculerNode } from './moleculer-node.js';
import { checkQuote, ORDER } from './quote.js';

const broker = moleculerNode('consumer', null, [`127.0.0.1:${process.argv[2]}/pricing`]);
await broker.start();
await broker.waitForServices('pricing', 10_000, 50);
const call = (): Promise<unknown> => broker.call('pricing.quotePrice', ORDER);
checkQuote(ORDER, await call());
callOnDemand(call);
announce({});
