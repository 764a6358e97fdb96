import { NestFactory } from '@nestjs/core';
import type { INestApplication } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { connectRpc, RpcServer } from '@rookery/rpc';
import { SystemClock, SystemScheduler } from '@rookery/runtime';

import { InteropModule } from './interop.module.js';

export interface InteropServer {
  readonly port: number;
  readonly server: RpcServer;
  close(): Promise<void>;
}

export const INTEROP_INSTANCE = { service: 'grpc.testing', instanceId: 'interop-1', incarnation: 'only' };

/** Serves the test service on loopback, in plaintext, through Nest and the whole rpc stack. Port 0 picks a free one. */
export async function startInteropServer(port: number): Promise<InteropServer> {
  const server = new RpcServer({
    clock: new SystemClock(),
    scheduler: new SystemScheduler(),
    concurrencyLimit: 1024,
    verifier: undefined,
    startSpan: (traceparent) => traceparent,
    onHiddenError: (error, method) => process.stderr.write(`${method}: ${String(error)}\n`),
    security: { requiresClientCertificate: false },
    self: INTEROP_INSTANCE,
  });
  const app: INestApplication = await NestFactory.create(InteropModule, new FastifyAdapter(), { logger: false });
  const strategy = connectRpc(app, server, '127.0.0.1', port);
  await app.startAllMicroservices();
  server.setServing(true);
  return {
    server,
    port: strategy.port,
    close: async () => {
      await server.drain(1000);
      await app.close();
    },
  };
}
