import { DomainError, type Clock } from '@rookery/runtime';
import { isObservable, type Observable } from 'rxjs';

import { type Principal, runInScope } from '../call-context.js';
import type { CallObserver } from '../call-observer.port.js';
import type { TokenVerifier } from '../security/token-verifier.js';
import { type CallStatus, plainStatus } from '../status/call-status.js';
import { isOpaque, statusOfError } from '../status/error.mapper.js';
import { StatusCode } from '../status/status-code.js';
import { checkAccess } from './access-check.js';
import { type Arrival, ServerCall } from './server-call.js';
import type { ServerMethod } from './server-method.js';

export interface DispatcherOptions {
  readonly clock: Clock;
  readonly observer: CallObserver;
  /** Calls in work at once, all transports together. */
  readonly concurrencyLimit: number;
  readonly verifier: TokenVerifier | undefined;
  /** Opens the span of an incoming call: takes the caller's traceparent, gives this process's own. */
  readonly startSpan: (traceparent: string | undefined) => string | undefined;
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

  constructor(private readonly options: DispatcherOptions) {}

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

  /** Why a call cannot be let in now, or undefined. */
  refusal(arrival: Arrival): CallStatus | undefined {
    if (this.running >= this.options.concurrencyLimit) {
      this.refused++;
      const limit = `at its limit of ${this.options.concurrencyLimit} calls in work`;
      return { ...overloaded(limit), isNotStarted: true };
    }
    if (arrival.deadlineAt !== undefined && arrival.deadlineAt <= this.options.clock.monotonic()) {
      return plainStatus(StatusCode.DEADLINE_EXCEEDED, 'the deadline had passed when the call arrived', true);
    }
    return undefined;
  }

  /** Opens a call; `close` must follow. */
  open(method: ServerMethod, arrival: Arrival): ServerCall {
    const call = new ServerCall(method, arrival, this.options.clock.monotonic());
    call.traceparent = this.options.startSpan(arrival.traceparent);
    this.running++;
    this.options.observer.calleeStarted(method.definition.path);
    return call;
  }

  close(call: ServerCall, code: number): void {
    call.isDone = true;
    this.running--;
    this.options.observer.calleeEnded({
      method: call.method.definition.path,
      code,
      durationMs: this.options.clock.monotonic() - call.startedAt,
      transport: call.arrival.transport,
      isStream: call.method.definition.requestStream || call.method.definition.responseStream,
    });
    if (this.running === 0 && this.idle.length > 0) for (const resolve of this.idle.splice(0)) resolve();
  }

  /** Serves a unary call whose request was decoded, or could not be. */
  unary(method: ServerMethod, arrival: Arrival, request: unknown, isReadable: boolean, replier: Replier): ServerCall {
    const call = this.open(method, arrival);
    const refusal = this.refuseOpened(arrival);
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

  /** Lets a streaming call in: rejects with the DomainError that refuses it. */
  async admitStream(call: ServerCall): Promise<void> {
    const refusal = this.refuseOpened(call.arrival);
    if (refusal !== undefined) {
      throw new DomainError('OVERLOADED', refusal.message, { kind: 'resource-exhausted' });
    }
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
    if (isOpaque(error)) this.options.onHiddenError(error, call.method.definition.path);
    return statusOfError(error);
  }

  private refuseOpened(arrival: Arrival): CallStatus | undefined {
    this.running--; // the call itself does not count against the limit it is tested for
    const refusal = this.refusal(arrival);
    this.running++;
    return refusal;
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
      if (!isReadable)
        throw new DomainError('UNREADABLE_REQUEST', 'the request is no message of this method', { kind: 'internal' });
      this.validate(call.method, request);
      this.settle(
        call,
        runInScope(call, () => call.method.handler(request, call)),
        replier,
      );
    } catch (error) {
      this.failWith(call, replier, error);
    }
  }

  private settle(call: ServerCall, result: unknown, replier: Replier): void {
    if (result instanceof Promise) {
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
      this.close(call, StatusCode.OK);
    } catch (error) {
      // The handler's answer does not fit its own contract.
      this.failWith(call, replier, error);
    }
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
