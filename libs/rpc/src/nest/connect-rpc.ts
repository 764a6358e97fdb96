import type { INestApplication } from '@nestjs/common';

import type { RpcServer } from '../server/rpc-server.js';
import { DirectHandlers } from './direct-handlers.js';
import { addErrorFilter } from './global-enhancers.js';
import { RpcServerStrategy } from './rpc-server.strategy.js';

/**
 * Serves the application's rpc controllers through `server` once its microservices start. Port 0 picks a free one. The
 * application's global guards, pipes, interceptors and filters hold for rpc handlers too, when they are set before.
 */
export function connectRpc(app: INestApplication, server: RpcServer, host: string, port: number): RpcServerStrategy {
  const strategy = new RpcServerStrategy(server, host, port, new DirectHandlers(app));
  addErrorFilter(app);
  app.connectMicroservice({ strategy }, { inheritAppConfig: true });
  return strategy;
}
