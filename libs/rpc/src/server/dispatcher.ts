import { isExpired } from '@rookery/resilience';
import { DomainError, type Clock, type Scheduler } from '@rookery/runtime';
import { isObservable, type Observable } from 'rxjs';

import { type Principal, runInScope, runInScopeOnly } from '../call-context.js';
import type { CallObserver } from '../call-observer.port.js';
import { GuardedObserver } from '../guarded-observer.js';
import type { TokenVerifier } from '../security/token-verifier.js';
import { type CallStatus, plainStatus } from '../status/call-status.js';
import { isOpaque, statusOfError } from '../status/error.mapper.js';
import { StatusCode } from '../status/status-code.js';
import { tellSafely, warn } from '../tell-safely.js';
import { checkAccess } from './access-check.js';
import { type Arrival, type CallSurroundings, ServerCall } from './server-call.js';
import type { ServerMethod } from './server-method.js';

export interface DispatcherOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Where absent, nobody watches. */
  readonly observer?: CallObserver;
  /** Calls in work at once, all transports together. */
  readonly concurrencyLimit: number;
  readonly verifier: TokenVerifier | undefined;
  /**
   * Opens the span of an incoming call: takes the caller's traceparent, gives this process's own. Asked when somebody wants
   * to know it, which most calls never come to.
   */
  readonly startSpan: (traceparent: string | undefined) => string | undefined;
  /** What is passed on of a tracestate that came with this traceparent. Where absent, nothing is. */
  readonly tracestateOf?: (traceparent: string | undefined, tracestate: string) => string | undefined;
  /** Is told of errors that the caller learns nothing of. */
  readonly onHiddenError: (error: unknown, method: string) => void;
}

/** Where the answer of a unary call goes. Exactly one of the two is called. */
export interface Replier {
  succeed(call: ServerCall, response: unknown): void;
  fail(call: ServerCall, status: CallStatus): void;
}

/** Lets a call in, runs its handler in its scope, and reports how it went; the same for link and plain gRPC. */
export class Dispatcher {
  private running = 0;
  private refused = 0;
  private idle: (() => void)[] = [];

  private readonly observer: CallObserver;
  private readonly surroundings: CallSurroundings;

  constructor(private readonly options: DispatcherOptions) {
    this.observer = new GuardedObserver(options.observer);
    const { clock, scheduler } = options;
    this.surroundings = {
      clock,
      scheduler,
      spanOf: (traceparent) => this.spanOf(traceparent),
      tracestateOf: options.tracestateOf ?? (() => undefined),
    };
  }

  /** Calls in work, those of the platform's own services left out. */
  get inFlight(): number {
    return this.running;
  }

  get limit(): number {
    return this.options.concurrencyLimit;
  }

  /** Calls turned away at the limit since the start. */
  get refusedCalls(): number {
    return this.refused;
  }

  /** Resolves when no call is in work. */
  whenIdle(): Promise<void> {
    return this.running === 0 ? Promise.resolve() : new Promise((resolve) => this.idle.push(resolve));
  }

  /** Opens a call; `close` must follow. */
  open(method: ServerMethod, arrival: Arrival): ServerCall {
    const call = new ServerCall(method, arrival, this.options.clock.monotonic(), this.surroundings);
    if (method.isUncounted !== true) this.running++;
    this.observer.calleeStarted(method.definition.path);
    return call;
  }

  close(call: ServerCall, code: number): void {
    const { definition, isUncounted } = call.method;
    call.done();
    if (isUncounted !== true) this.running--;
    this.observer.calleeEnded({
      method: definition.path,
      code,
      durationMs: this.options.clock.monotonic() - call.startedAt,
      transport: call.arrival.transport,
      isStream: definition.requestStream || definition.responseStream,
    });
    if (this.running === 0 && this.idle.length > 0) for (const resolve of this.idle.splice(0)) resolve();
  }

  /** Serves a unary call whose request was decoded, or could not be. */
  unary(method: ServerMethod, arrival: Arrival, request: unknown, isReadable: boolean, replier: Replier): ServerCall {
    const call = this.open(method, arrival);
    const refusal = this.refusalOf(call);
    if (refusal !== undefined) {
      this.fail(call, replier, refusal);
      return call;
    }
    try {
      const principal = checkAccess(method, arrival.authorization, this.options.verifier);
      if (principal instanceof Promise) {
        principal.then(
          (proven) => this.start(call, proven, request, isReadable, replier),
          (error: unknown) => this.failWith(call, replier, error),
        );
      } else {
        this.start(call, principal, request, isReadable, replier);
      }
    } catch (error) {
      this.failWith(call, replier, error);
    }
    return call;
  }

  /** Why a call that was opened cannot be let in, or undefined. */
  refusalOf({ method, arrival, startedAt }: ServerCall): CallStatus | undefined {
    const { concurrencyLimit } = this.options;
    // The call itself is counted already.
    if (this.running > concurrencyLimit && method.isUncounted !== true) {
      this.refused++;
      return { ...overloaded(`at its limit of ${concurrencyLimit} calls in work`), isNotStarted: true };
    }
    if (isExpired(arrival.deadlineAt, startedAt)) {
      return plainStatus(StatusCode.DEADLINE_EXCEEDED, 'the deadline had passed when the call arrived', true);
    }
    return undefined;
  }

  /** Learns who makes a streaming call; rejects with the DomainError that refuses it. */
  async admitStream(call: ServerCall): Promise<void> {
    call.principal = await checkAccess(call.method, call.arrival.authorization, this.options.verifier);
  }

  /** Checks a request by its contract's rules; throws INVALID_ARGUMENT with each violation. */
  validate(method: ServerMethod, request: unknown): void {
    const violations = method.definition.validate?.(request);
    if (violations === undefined || violations.length === 0) return;
    const first = violations[0];
    const message = first === undefined ? 'invalid request' : `${first.field}: ${first.description}`;
    throw new DomainError('INVALID_REQUEST', message, { kind: 'invalid-argument', violations });
  }

  /** The status of what a handler threw; errors that stay hidden from the caller go to the log. */
  statusOf(error: unknown, call: ServerCall): CallStatus {
    if (!isOpaque(error)) return statusOfError(error);
    // A handler that gives up because nobody waits is no defect.
    if (call.interruption !== undefined && isAbort(error, call.interruption)) {
      const code = call.isAbandoned ? StatusCode.CANCELLED : StatusCode.DEADLINE_EXCEEDED;
      return plainStatus(code, call.interruption.message);
    }
    // In its scope, so that the log line carries the trace of the call.
    runInScope(call, () => tellSafely(() => this.options.onHiddenError(error, call.method.definition.path)));
    return statusOfError(error);
  }

  private spanOf(traceparent: string | undefined): string | undefined {
    try {
      return this.options.startSpan(traceparent);
    } catch (error) {
      warn(error);
      return traceparent;
    }
  }

  private start(
    call: ServerCall,
    principal: Principal | undefined,
    request: unknown,
    isReadable: boolean,
    replier: Replier,
  ): void {
    call.principal = principal;
    try {
      if (!isReadable) throw unreadableRequest();
      this.validate(call.method, request);
      // All of it in the scope: behind an interceptor the handler runs when its Observable is subscribed to.
      const run = call.arrival.transport === 'link' ? runInScopeOnly : runInScope;
      run(call, () => this.settle(call, call.method.handler(request, call), replier));
    } catch (error) {
      this.failWith(call, replier, error);
    }
  }

  private settle(call: ServerCall, result: unknown, replier: Replier): void {
    if (isPromiseLike(result)) {
      result.then(
        (value: unknown) => this.settle(call, value, replier),
        (error: unknown) => this.failWith(call, replier, error),
      );
    } else if (isObservable(result)) {
      this.settleLast(call, result, replier);
    } else {
      this.succeed(call, result, replier);
    }
  }

  private settleLast(call: ServerCall, result: Observable<unknown>, replier: Replier): void {
    let last: unknown;
    result.subscribe({
      next: (value) => (last = value),
      error: (error: unknown) => this.failWith(call, replier, error),
      complete: () => this.succeed(call, last, replier),
    });
  }

  private succeed(call: ServerCall, response: unknown, replier: Replier): void {
    try {
      replier.succeed(call, response ?? {});
    } catch (error) {
      // The handler's answer does not fit its own contract.
      this.failWith(call, replier, error);
      return;
    }
    this.close(call, StatusCode.OK);
  }

  private failWith(call: ServerCall, replier: Replier, error: unknown): void {
    this.fail(call, replier, this.statusOf(error, call));
  }

  private fail(call: ServerCall, replier: Replier, status: CallStatus): void {
    const withTrailers = call.trailers === undefined ? status : { ...status, trailers: call.trailers };
    replier.fail(call, withTrailers);
    this.close(call, status.code);
  }
}

function overloaded(message: string): CallStatus {
  return statusOfError(new DomainError('OVERLOADED', message, { kind: 'resource-exhausted' }));
}

/** The bytes of a request are no message. gRPC's own servers say INTERNAL, which would speak against the instance. */
export function unreadableRequest(): DomainError {
  return new DomainError('UNREADABLE_REQUEST', 'the request is no message of this method', {
    kind: 'invalid-argument',
  });
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function isAbort(error: unknown, interruption: Error): boolean {
  return error === interruption || (error instanceof Error && error.name === 'AbortError');
}
