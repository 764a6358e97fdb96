import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';

/** Who calls, as proven by a verified token. */
export interface Principal {
  readonly subject: string;
  readonly scopes: ReadonlySet<string>;
  /** The raw token, forwarded to the next hop, which verifies it again. */
  readonly token: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

/** What travels with a call through a process, whatever brought it in (link, gRPC, HTTP). */
export interface CallScope {
  /** Monotonic milliseconds (`Clock.monotonic`) after which nobody waits; undefined means no deadline. */
  readonly deadlineAt: number | undefined;
  /** W3C traceparent of the span that is current in this process. */
  readonly traceparent: string | undefined;
  /** W3C tracestate that came with the trace, as far as it may be passed on. */
  readonly tracestate?: string | undefined;
  readonly principal: Principal | undefined;
  /** Above 0 when the incoming call is itself a retry: calls made on its behalf are not retried (chain-stop). */
  readonly attempt: number;
  /** Aborts when the caller is gone or the deadline has passed. Creating it is lazy: reading costs an AbortController. */
  readonly signal: AbortSignal;
}

const storage = new AsyncLocalStorage<CallScope>();

/** The scope of the call being served, or undefined outside any. */
export function currentScope(): CallScope | undefined {
  return storage.getStore();
}

/** Runs `work` inside `scope`; everything it awaits sees it too. */
export function runInScope<T>(scope: CallScope, work: () => T): T {
  return storage.run(scope, work);
}

/** Stands for the surroundings of no call at all. */
const nowhere = new AsyncResource('rookery.call');

/**
 * As `runInScope`, but without whatever other storages hold at the moment. For calls that arrive on a link: what surrounds
 * a batch belongs to its connection, to none of its calls. It copies nothing, so it takes a fifth of the time.
 */
export function runInScopeOnly<T>(scope: CallScope, work: () => T): T {
  return nowhere.runInAsyncScope(() => {
    // Nothing, but for Node.js before 24 when one such scope runs within another: there the resource itself holds the store.
    const outer = storage.getStore();
    storage.enterWith(scope);
    try {
      return work();
    } finally {
      if (outer !== undefined) storage.enterWith(outer);
    }
  });
}
