import type { AddressInfo } from 'node:net';

import type { Clock, Scheduler } from '@rookery/runtime';
import { Connections } from '@rookery/service-kit';
import { type TraceIds, tracestateOf } from '@rookery/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { EdgeStreams } from '../streams/edge-streams.js';
import type { EdgeCaller } from './edge-caller.js';
import type { EdgeGate } from './edge-gate.js';
import type { EdgeTally } from './edge-tally.js';
import type { EdgeView } from './edge-view.js';
import { Exchange, type ExchangeLog } from './exchange.js';
import { requireJson } from './json-body.js';
import { type EdgeLimits, createListener } from './listener.js';
import { announcedLength, readBody } from './request-body.js';

export interface EdgeParts {
  readonly gate: EdgeGate;
  readonly caller: EdgeCaller;
  readonly streams: Pick<EdgeStreams, 'close'>;
  readonly tally: EdgeTally;
  readonly view: EdgeView;
  readonly log: ExchangeLog;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly traceIds: TraceIds;
  readonly limits: EdgeLimits;
}

/** While it closes, a request that has begun to arrive gets so long for the rest. */
const LAST_BYTES_MS = 3000;

/** The public listener: a bare Fastify, because each layer more would be paid by every request. */
export class EdgeServer {
  private readonly app: FastifyInstance;
  private readonly connections = new Connections<Exchange>();
  private isDraining = false;
  private readonly isLast = (): boolean => this.isDraining;

  constructor(private readonly parts: EdgeParts) {
    this.app = createListener(parts.limits);
    this.connections.follow(this.app.server);
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

  /** Takes no new connection and ends the streams; resolves when the last request has been answered. */
  async close(): Promise<void> {
    this.isDraining = true;
    // Before the listener closes: Node then cuts connections on which the answer is complete but still on its way.
    await this.parts.streams.close();
    const closing = this.app.close();
    this.connections.endWhere(isUnasked);
    const cut = this.parts.scheduler.timer(LAST_BYTES_MS, () => this.connections.endWhere(isIncomplete));
    await closing;
    cut.cancel();
  }

  private open(request: FastifyRequest, reply: FastifyReply): void {
    reply.hijack();
    const { clock, gate, tally, view, traceIds, log } = this.parts;
    const raw = request.raw;
    raw.url = request.originalUrl;
    // Node joins headers of the same name by commas: two traceparents are none, two tracestates are one.
    const { traceparent, tracestate } = raw.headers as Readonly<Record<string, string | undefined>>;
    const trace = { traceparent: traceIds.childOf(traceparent), tracestate: tracestateOf(traceparent, tracestate) };
    const exchange = new Exchange(raw, reply.raw, trace, clock.monotonic(), log, this.isLast);
    this.connections.asked(raw.socket, exchange);
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
      if (announcedLength(request) !== 0) requireJson(request.headers);
    } catch (error) {
      exchange.fail(error);
      return;
    }
    readBody(request, limits.bodyBytes, {
      take: (body) => caller.call(exchange, body),
      refuse: (error) => exchange.fail(error),
    });
    if (request.headers.expect !== undefined && !exchange.isEnded) exchange.askForBody();
  }
}

/** The connection waits for a request, or is in the middle of its head. */
function isUnasked(exchange: Exchange | undefined): boolean {
  return exchange === undefined || exchange.isEnded;
}

/** Also where a request has not arrived as a whole. */
function isIncomplete(exchange: Exchange | undefined): boolean {
  return exchange === undefined || exchange.isEnded || !exchange.request.complete;
}
