import type { INestApplication } from '@nestjs/common';

import type { RpcServer } from '../server/rpc-server.js';
import { RpcErrorFilter } from './rpc-error.filter.js';
import { RpcServerStrategy } from './rpc-server.strategy.js';

/** Serves the application's rpc controllers through `server` once its microservices start. Port 0 picks a free one. */
export function connectRpc(app: INestApplication, server: RpcServer, host: string, port: number): RpcServerStrategy {
  const strategy = new RpcServerStrategy(server, host, port);
  // Deferred: once a microservice is initialized, Nest takes no global filters or interceptors for it.
  app.connectMicroservice({ strategy }, { deferInitialization: true }).useGlobalFilters(new RpcErrorFilter());
  return strategy;
}
