import type { AddressInfo } from 'node:net';

import type { Clock } from '@rookery/runtime';
import type { TraceIds } from '@rookery/telemetry';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';

import type { EdgeCaller } from './edge-caller.js';
import type { EdgeGate } from './edge-gate.js';
import type { EdgeTally } from './edge-tally.js';
import type { EdgeView } from './edge-view.js';
import { Exchange, type ExchangeLog } from './exchange.js';
import { requireJson } from './json-body.js';
import { refuseConnection } from './refused-connection.js';
import { announcedLength, readBody } from './request-body.js';

export interface EdgeLimits {
  readonly bodyBytes: number;
  readonly headerBytes: number;
  readonly connections: number;
  /** From the first byte of a request to its last. */
  readonly requestMs: number;
  readonly headersMs: number;
  readonly keepAliveMs: number;
}

export interface EdgeParts {
  readonly gate: EdgeGate;
  readonly caller: EdgeCaller;
  readonly tally: EdgeTally;
  readonly view: EdgeView;
  readonly log: ExchangeLog;
  readonly clock: Clock;
  readonly traceIds: TraceIds;
  readonly limits: EdgeLimits;
}

const LOOK_FOR_LATE_MS = 1000;

/** The public listener: a bare Fastify, because each layer more would be paid by every request. */
export class EdgeServer {
  private readonly app: FastifyInstance;
  private isDraining = false;
  private readonly isLast = (): boolean => this.isDraining;

  constructor(private readonly parts: EdgeParts) {
    this.app = listener(parts.limits);
    // No route is registered here at all: each request leaves Fastify at the first hook, which it also runs for these.
    this.app.addHook('onRequest', (request, reply) => this.open(request, reply));
  }

  /** Resolves with the port. */
  async listen(host: string, port: number): Promise<number> {
    await this.app.listen({ host, port });
    return (this.app.server.address() as AddressInfo).port;
  }

  /** From now on every answer asks its client to close the connection. */
  beginDrain(): void {
    this.isDraining = true;
  }

  /** Takes no new connection; resolves when the last request has been answered. */
  close(): Promise<void> {
    this.isDraining = true;
    return this.app.close();
  }

  private open(request: FastifyRequest, reply: FastifyReply): void {
    reply.hijack();
    const { clock, gate, tally, view, traceIds, log } = this.parts;
    const raw = request.raw;
    raw.url = request.originalUrl;
    const traceparent = traceIds.childOf(raw.headers['traceparent'] as string | undefined);
    const exchange = new Exchange(raw, reply.raw, traceparent, clock.monotonic(), log, this.isLast);
    tally.begin();
    const admitted = gate.admit(exchange);
    if (!exchange.isEnded) view.started(exchange);
    if (admitted === true) this.receive(exchange);
    else if (admitted !== false) void admitted.then((isAdmitted) => isAdmitted && this.receive(exchange));
  }

  private receive(exchange: Exchange): void {
    const { request } = exchange;
    const { caller, limits } = this.parts;
    try {
      // A body of another type is refused before it is read.
      if (announcedLength(request) !== 0) requireJson(request.headers['content-type']);
    } catch (error) {
      exchange.fail(error);
      return;
    }
    readBody(request, limits.bodyBytes, {
      take: (body) => caller.call(exchange, body),
      refuse: (error) => exchange.fail(error),
    });
  }
}

function listener(limits: EdgeLimits): FastifyInstance {
  const app = fastify({
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    forceCloseConnections: 'idle',
    // While it drains, what still comes is served: the connection is told to end instead.
    return503OnClosing: false,
    http: {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      // Node looks for requests that are late every 30 s unless told otherwise.
      connectionsCheckingInterval: Math.min(LOOK_FOR_LATE_MS, limits.headersMs),
    },
    // The route table knows the paths, and it changes while Fastify's router may not.
    rewriteUrl: () => '/',
    clientErrorHandler: refuseConnection,
  });
  app.server.maxConnections = limits.connections;
  return app;
}
