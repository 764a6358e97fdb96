import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Principal } from '@rookery/rpc';

import type { Route, RouteVersion } from '../routing/route-table.js';
import type { StreamProgress } from '../streams/stream-progress.js';
import { withUnknownOutcome } from './idempotency-key.js';
import { type Problem, PROBLEM_TYPE, problemText } from './problem.js';
import { problemOfError } from './problem.mapper.js';

const JSON_TYPE = 'application/json';
/** Nobody on the way may keep a stream, gather it, or pack it. */
const STREAM_HEADERS = ['cache-control', 'no-store, no-transform', 'x-accel-buffering', 'no'];

/** Is told how an exchange ended. */
export interface ExchangeLog {
  ended(exchange: Exchange, status: number, error: unknown): void;
}

/** What an exchange has become once its caller was let in. */
export interface Admission {
  readonly route: Route;
  readonly permitted: readonly RouteVersion[];
  readonly segments: readonly string[];
  readonly query: string;
  readonly principal: Principal | undefined;
  /** Infinity: as long as it takes. */
  readonly timeoutMs: number;
}

/** One request and its answer, written straight to Node's response: Fastify has nothing to add to either. */
export class Exchange {
  admission: Admission | undefined;
  /** The route's name once it was found, for metrics. */
  routeName: string | undefined;
  /** The name under which it is reported, once it is known. */
  viewedAs: string | undefined;
  /** Of a request that changes something, from when it is sent to a provider. */
  idempotencyKey: string | undefined;
  /** Of a request that is answered with a stream. */
  stream: StreamProgress | undefined;
  private isAnswered = false;
  private isOver = false;
  private isBodyAskedFor = false;

  constructor(
    readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly trace: { readonly traceparent: string; readonly tracestate: string | undefined },
    readonly startedAt: number,
    private readonly log: ExchangeLog,
    private readonly isLast: () => boolean,
  ) {}

  get traceparent(): string {
    return this.trace.traceparent;
  }

  /** What came with the trace, as far as it is passed on. */
  get tracestate(): string | undefined {
    return this.trace.tracestate;
  }

  get isEnded(): boolean {
    return this.isOver;
  }

  get traceId(): string {
    return this.traceparent.slice(3, 35);
  }

  succeed(json: string): void {
    this.end(200, JSON_TYPE, json, undefined, undefined);
  }

  /** Lets a client that waits to be asked for its body (`Expect: 100-continue`) send it. */
  askForBody(): void {
    this.isBodyAskedFor = true;
    this.response.writeContinue();
  }

  /** Answers without a body. */
  finish(status: number, headers: Readonly<Record<string, string>>): void {
    this.end(status, undefined, '', headers, undefined);
  }

  /** What the caller is told of an error. */
  problemOf(error: unknown): Problem {
    const plain = problemOfError(error);
    return this.idempotencyKey === undefined ? plain : withUnknownOutcome(plain, this.idempotencyKey);
  }

  fail(error: unknown): void {
    const problem = this.problemOf(error);
    this.end(problem.status, PROBLEM_TYPE, problemText(problem, this.traceId), this.headersOf(problem), error);
  }

  /** Sends the head of an answer that comes in pieces, and gives what they are written to. `conclude` ends it. */
  begin(type: string): ServerResponse {
    this.isAnswered = true;
    this.writeHead(200, ['content-type', type, ...STREAM_HEADERS], false);
    this.response.flushHeaders();
    return this.response;
  }

  /** Ends what `begin` began. */
  conclude(text: string, error: unknown): void {
    this.isOver = true;
    this.response.end(text);
    this.log.ended(this, 200, error);
  }

  private headersOf({ status, headers }: Problem): Readonly<Record<string, string>> {
    // Nobody could tell whether a body that was not asked for still comes, or the next request.
    const isBodyOpen = this.request.headers.expect !== undefined && !this.isBodyAskedFor;
    return CLOSING.has(status) || isBodyOpen ? { ...headers, connection: 'close' } : (headers ?? {});
  }

  private end(
    status: number,
    type: string | undefined,
    text: string,
    extra: Readonly<Record<string, string>> | undefined,
    error: unknown,
  ): void {
    if (this.isAnswered) return;
    this.isAnswered = true;
    this.isOver = true;
    const headers: string[] = [];
    if (type !== undefined) headers.push('content-type', type, 'content-length', String(Buffer.byteLength(text)));
    for (const name in extra) headers.push(name, extra[name] ?? '');
    this.writeHead(status, headers, extra?.['connection'] !== undefined);
    this.response.end(this.request.method === 'HEAD' ? undefined : text);
    this.log.ended(this, status, error);
  }

  private writeHead(status: number, headers: string[], saysHowItEnds: boolean): void {
    headers.push('traceresponse', this.traceparent);
    if (this.isLast() && !saysHowItEnds) headers.push('connection', 'close');
    this.response.writeHead(status, headers);
  }
}

/** Whoever sends too much, or too slowly, is not read to the end: the connection is of no further use. */
const CLOSING = new Set([408, 413, 431]);
