import type * as grpc from '@grpc/grpc-js';
import type { MethodDefinition } from '@rookery/contracts/nest';
import { remainingMs } from '@rookery/resilience';
import { DomainError } from '@rookery/runtime';

import type { CallScope } from '../call-context.js';
import type { CallRoute } from '../routing/call-route.port.js';
import { balancedRoute } from '../routing/route-of.js';
import type { CallStatus } from '../status/call-status.js';
import { errorOfStatus } from '../status/error.mapper.js';
import { StatusCode, statusCodeOf } from '../status/status-code.js';
import { Cancellation } from './cancellation.js';
import type { ChannelCallOptions } from './call-options.js';
import { authorizationOf, metadataOf } from './call-scope.mapper.js';
import { failureOf } from './grpc-metadata.mapper.js';
import { followMetadata } from './metadata-ear.js';
import { type Picked, PickWait } from './pick-wait.js';
import { ProviderStream } from './provider-stream.js';
import { Retries } from './retries.js';
import type { UnaryCallHost } from './unary-call-host.port.js';

/**
 * One call with a stream, as plain gRPC on a picked instance. What was sent or received cannot be unsaid: only a call with
 * a single request is tried elsewhere, and only while it surely has not started.
 */
export class StreamCall<Req, Res> {
  private readonly route: CallRoute;
  private readonly retries: Retries;

  constructor(
    private readonly host: UnaryCallHost,
    private readonly method: MethodDefinition<Req, Res>,
    private readonly deadlineAt: number | undefined,
    private readonly options: ChannelCallOptions | undefined,
    private readonly scope: CallScope | undefined,
  ) {
    this.route = balancedRoute(host, options);
    this.retries = new Retries(host, { isIdempotent: false, isChained: false, route: this.route });
  }

  /** Sends all requests and gives the one response. */
  async single(requests: AsyncIterable<Req>): Promise<Res> {
    let response: Res | undefined;
    for await (const message of this.exchange(requests)) response = message;
    if (response === undefined) {
      throw new DomainError('NO_RESPONSE', `${this.method.path} ended without a response`, { kind: 'internal' });
    }
    return response;
  }

  /** Sends one request, and gives responses as the caller takes them. */
  async *ask(request: Req): AsyncGenerator<Res> {
    for (;;) {
      const attempt = await this.open();
      try {
        yield* attempt.exchange(only(request));
        return;
      } catch (error) {
        if (!(await this.mayRepeat(attempt))) throw error;
      }
    }
  }

  /** Sends requests as the provider takes them, gives responses as the caller takes them. */
  async *exchange(requests: AsyncIterable<Req>): AsyncGenerator<Res> {
    const attempt = await this.open();
    yield* attempt.exchange(requests);
  }

  private async open(): Promise<StreamAttempt<Req, Res>> {
    const { host, method, options, scope, deadlineAt, route } = this;
    const metadata = metadataOf(options, scope);
    const { tried } = this.retries;
    const picked = await PickWait.for(host, { path: method.path, deadlineAt, options, scope, route, tried });
    const call = picked.connection.grpc().stream(method.path, {
      remainingMs: remainingMs(deadlineAt, host.clock.monotonic()),
      traceparent: options?.traceparent ?? scope?.traceparent,
      authorization: authorizationOf(options, scope),
      metadata,
      attempt: scope?.attempt ?? 0,
    });
    return new StreamAttempt(host, method, picked, call, options, scope);
  }

  private async mayRepeat({ failure, picked }: StreamAttempt<Req, Res>): Promise<boolean> {
    if (failure?.isNotStarted !== true) return false;
    const pause = this.retries.pauseAfter(failure, picked.pick.instance);
    if (pause === undefined) return false;
    const { clock, scheduler } = this.host;
    if (this.deadlineAt !== undefined && clock.monotonic() + pause >= this.deadlineAt) return false;
    if (pause > 0) await new Promise<void>((resolve) => scheduler.timer(pause, resolve));
    return true;
  }
}

/** One attempt of a streaming call, and its report to balancer and observer. */
class StreamAttempt<Req, Res> {
  /** How it failed, when a provider or the way there failed it. */
  failure: CallStatus | undefined;
  private readonly stream: ProviderStream<Req, Res>;
  private readonly startedAt: number;

  constructor(
    private readonly host: UnaryCallHost,
    private readonly method: MethodDefinition<Req, Res>,
    readonly picked: Picked,
    call: grpc.ClientDuplexStream<Buffer, Buffer>,
    private readonly options: ChannelCallOptions | undefined,
    private readonly scope: CallScope | undefined,
  ) {
    this.stream = new ProviderStream(call, method);
    this.startedAt = host.clock.monotonic();
    picked.pick.started();
    host.observer.callerStarted(method.path, picked.connection.target);
    followMetadata(call, options);
  }

  async *exchange(requests: AsyncIterable<Req>): AsyncGenerator<Res> {
    const cancellation = Cancellation.of(this.options, this.scope, () => this.stream.cancel());
    if (cancellation?.isRequested === true) this.stream.cancel();
    let code: number = StatusCode.CANCELLED;
    try {
      yield* this.stream.exchange(requests);
      code = StatusCode.OK;
    } catch (error) {
      const told = this.explain(error);
      code = told instanceof DomainError ? statusCodeOf(told.kind) : StatusCode.CANCELLED;
      throw told;
    } finally {
      cancellation?.release();
      this.report(code);
    }
  }

  private explain(error: unknown): unknown {
    if (!isServiceError(error)) return error;
    const { status } = failureOf(error, this.picked.connection.target.instanceId);
    this.failure = this.stream.hasReceived ? { ...status, isNotStarted: false } : status;
    return errorOfStatus(status);
  }

  private report(code: number): void {
    const { pick, connection } = this.picked;
    const durationMs = this.host.clock.monotonic() - this.startedAt;
    const method = this.method.path;
    pick.ended(code, Number.NaN);
    this.host.observer.callerEnded({
      method,
      code,
      durationMs,
      target: connection.target,
      transport: 'grpc',
      isStream: true,
    });
  }
}

async function* only<T>(value: T): AsyncIterable<T> {
  yield await Promise.resolve(value);
}

function isServiceError(error: unknown): error is grpc.ServiceError {
  return error instanceof Error && 'code' in error && 'metadata' in error && 'details' in error;
}
