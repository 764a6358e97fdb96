import type { MessageHeaders } from '@rookery/actors';
import type { CallScope } from '@rookery/rpc';

/** Never aborted: what an actor does for a message does not end with whoever sent it. */
const { signal } = new AbortController();

/** What a message hands on to the calls and log lines made for it: its trace, and for a grain's method the time left for it. */
export class MessageScope implements CallScope {
  readonly principal = undefined;
  readonly attempt = 0;
  readonly signal: AbortSignal = signal;
  /** Undefined when there is no trace. */
  readonly headers: MessageHeaders | undefined;

  constructor(
    readonly traceparent: string | undefined,
    readonly tracestate: string | undefined,
    /** Monotonic. */
    readonly deadlineAt: number | undefined,
  ) {
    this.headers = traceparent === undefined ? undefined : traceHeadersOf(traceparent, tracestate);
  }
}

export function traceHeadersOf(traceparent: string, tracestate: string | undefined): MessageHeaders {
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate };
}
