import { Carrier, type MessageHeaders } from '@rookery/actors';
import { currentScope, runInScope } from '@rookery/rpc';
import { parseTraceparent, tracestateOf } from '@rookery/telemetry';
import { MessageScope, traceHeadersOf } from './message-scope.js';

/**
 * Takes the trace of the call being served along with the messages that are sent for it, and on to the calls made for those.
 * What a grain calls for its caller ends with that one's deadline.
 */
export class TraceCarrier extends Carrier {
  outgoing(): MessageHeaders | undefined {
    const scope = currentScope();
    if (scope instanceof MessageScope) return scope.headers;
    const traceparent = scope?.traceparent;
    return traceparent === undefined ? undefined : traceHeadersOf(traceparent, scope?.tracestate);
  }

  run({ traceparent, tracestate }: MessageHeaders, handle: () => void): void {
    // From another process it may be anything.
    if (traceparent === undefined || parseTraceparent(traceparent) === undefined) return handle();
    const state = tracestate === undefined ? undefined : tracestateOf(traceparent, tracestate);
    runInScope(new MessageScope(traceparent, state, undefined), handle);
  }

  override runUntil<T>(deadlineAt: number, work: () => T): T {
    const { traceparent, tracestate } = currentScope() ?? {};
    const finite = deadlineAt === Infinity ? undefined : deadlineAt;
    return runInScope(new MessageScope(traceparent, tracestate, finite), work);
  }
}
