import type { MessageHeaders } from '@rookery/actors';
import type { CallScope } from '@rookery/rpc';

/** Never aborted: what an actor does for a message does not end with whoever sent it. */
const { signal } = new AbortController();

/** What a message hands on to the calls and log lines made for it: its trace. */
export class MessageScope implements CallScope {
  readonly deadlineAt = undefined;
  readonly principal = undefined;
  readonly attempt = 0;
  readonly signal: AbortSignal = signal;
  readonly headers: MessageHeaders;

  constructor(
    readonly traceparent: string,
    readonly tracestate: string | undefined,
  ) {
    this.headers = traceHeadersOf(traceparent, tracestate);
  }
}

export function traceHeadersOf(traceparent: string, tracestate: string | undefined): MessageHeaders {
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate };
}
