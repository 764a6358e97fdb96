/** A pricing provider on Moleculer's TCP transporter. */
import type { pricing } from '@rookery/contracts/messages';
import type { Context } from 'moleculer';

import { announce } from './closed-loop.js';
import { freePort } from './free-port.js';
import { moleculerNode } from './moleculer-node.js';
import { quote } from './quote.js';

const port = await freePort();
const broker = moleculerNode('pricing', port, []);
broker.createService({
  name: 'pricing',
  actions: { quotePrice: ({ params }: Context<pricing.QuotePriceRequest>) => quote(params) },
});
await broker.start();
announce({ port });
