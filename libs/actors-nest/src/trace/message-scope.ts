import type { MessageHeaders } from '@rookery/actors';
import type { CallScope } from '@rookery/rpc';

/** Never aborted: what an actor does for a message does not end with whoever sent it. */
const { signal } = new AbortController();

/** What a message hands on to the calls and log lines made for it: its trace. A call of a grain also hands on its deadline, to calls of grains. */
export class MessageScope implements CallScope {
  readonly deadlineAt = undefined;
  readonly principal = undefined;
  readonly attempt = 0;
  readonly signal: AbortSignal = signal;
  readonly headers: MessageHeaders | undefined;

  constructor(
    readonly traceparent: string | undefined,
    readonly tracestate: string | undefined,
    /** Monotonic. */
    readonly callEndsAt?: number,
  ) {
    this.headers = traceparent === undefined ? undefined : traceHeadersOf(traceparent, tracestate);
  }
}

export function traceHeadersOf(traceparent: string, tracestate: string | undefined): MessageHeaders {
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate };
}
