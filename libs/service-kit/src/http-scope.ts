import type { ServerResponse } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type CallScope, currentScope, runInScope } from '@rookery/rpc';
import { type TraceIds, tracestateOf } from '@rookery/telemetry';

/** What a request on the HTTP port hands on to the calls and log lines made for it. */
class HttpScope implements CallScope {
  readonly deadlineAt = undefined;
  readonly principal = undefined;
  readonly attempt = 0;
  private controller: AbortController | undefined;

  constructor(
    readonly traceparent: string,
    readonly tracestate: string | undefined,
    private readonly response: ServerResponse,
  ) {}

  get signal(): AbortSignal {
    this.controller ??= abortedWith(this.response);
    return this.controller.signal;
  }
}

function abortedWith(response: ServerResponse): AbortController {
  const controller = new AbortController();
  const gone = (): void => {
    if (!response.writableEnded) controller.abort(new DOMException('the client is gone', 'AbortError'));
  };
  if (response.destroyed) gone();
  else response.once('close', gone);
  return controller;
}

/** Lets every handler of the HTTP port run in a scope of its own, below the trace that came in. */
export function openHttpScopes(app: NestFastifyApplication, traceIds: TraceIds): void {
  // After the body was read: what reads it calls back outside of any scope.
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('preHandler', (request, reply, done) => {
      const { traceparent, tracestate } = request.headers as Readonly<Record<string, string | undefined>>;
      const state = tracestateOf(traceparent, tracestate);
      runInScope(new HttpScope(traceIds.childOf(traceparent), state, reply.raw), done);
    });
}

/** The headers by which a request over HTTP goes on with the current trace; none outside of any. */
export function traceHeaders(): Readonly<Record<string, string>> {
  const { traceparent, tracestate } = currentScope() ?? {};
  if (traceparent === undefined) return {};
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate };
}
