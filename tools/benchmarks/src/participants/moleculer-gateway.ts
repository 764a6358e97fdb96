/** A gateway of moleculer-web in front of Moleculer's TCP transporter. Argument: the provider's port. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import ApiService from 'moleculer-web';

import { announce } from './closed-loop.js';
import { moleculerNode } from './moleculer-node.js';

const broker = moleculerNode('gateway', null, [`127.0.0.1:${process.argv[2]}/pricing`]);
const service = broker.createService({
  name: 'api',
  mixins: [ApiService],
  settings: {
    ip: '127.0.0.1',
    port: 0,
    routes: [{ path: '/v1', aliases: { 'POST quotes': 'pricing.quotePrice' }, bodyParsers: { json: true } }],
  },
});
await broker.start();
await broker.waitForServices('pricing', 10_000, 50);
const { server } = service as unknown as { readonly server: Server };
announce({ port: (server.address() as AddressInfo).port });
