import type { Server } from 'node:http';
import type { Socket } from 'node:net';

import { type FastifyInstance, fastify } from 'fastify';

import { refuse } from './problem.js';
import { refuseConnection } from './refused-connection.js';

export interface EdgeLimits {
  readonly bodyBytes: number;
  readonly headerBytes: number;
  readonly connections: number;
  /** From the first byte of a request to its last. */
  readonly requestMs: number;
  readonly headersMs: number;
  readonly keepAliveMs: number;
  /** A connection on which nothing moves for so long is cut: its client does not read what it is sent. */
  readonly stallMs: number;
}

const LOOK_FOR_LATE_MS = 1000;

/** A Fastify without a route that holds the limits and answers by itself what never becomes a request. */
export function createListener(limits: EdgeLimits): FastifyInstance {
  const app = fastify({
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionTimeout: limits.stallMs,
    forceCloseConnections: 'idle',
    // While it drains, what still comes is served: the connection is told to end instead.
    return503OnClosing: false,
    http: {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      // Two tokens in one request would else count as the first of them.
      joinDuplicateHeaders: true,
      // The gate asks for it, and says what is missing.
      requireHostHeader: false,
      // Node looks for requests that are late every 30 s unless told otherwise.
      connectionsCheckingInterval: Math.min(LOOK_FOR_LATE_MS, limits.headersMs),
    },
    // The route table knows the paths, and it changes while Fastify's router may not.
    rewriteUrl: () => '/',
    clientErrorHandler: refuseConnection,
  });
  app.server.maxConnections = limits.connections;
  takeOver(app.server);
  return app;
}

/** Left to Node, these would be answered before anybody has looked at the request, or not at all. */
function takeOver(server: Server): void {
  for (const event of ['checkContinue', 'checkExpectation']) {
    server.on(event, (request, response) => server.emit('request', request, response));
  }
  server.on('connect', (_request, socket) => refuseConnection(noTunnel(), socket as Socket));
}

function noTunnel(): Error {
  return refuse(405, 'METHOD_NOT_ALLOWED', 'the gateway opens no tunnels');
}
