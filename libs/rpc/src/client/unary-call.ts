import type * as grpc from '@grpc/grpc-js';
import type { MethodDefinition } from '@rookery/contracts/nest';
import { type Expirable, remainingMs } from '@rookery/resilience';
import { type Cancellable, DomainError } from '@rookery/runtime';

import type { Pick } from '../balancing/balancer.js';
import type { CallScope } from '../call-context.js';
import { encodingError } from '../codec/encode-message.js';
import type { CallRoute } from '../routing/call-route.port.js';
import { errorForCaller } from '../routing/not-owner.js';
import { routeOf } from '../routing/route-of.js';
import { type CallMetadata, NO_METADATA } from '../status/call-metadata.js';
import { type CallStatus, plainStatus } from '../status/call-status.js';
import { StatusCode } from '../status/status-code.js';
import type { UnaryCallOptions } from './call-options.js';
import { authorizationOf, cancelled, deadlineExceeded, metadataOf } from './call-scope.mapper.js';
import { Cancellation } from './cancellation.js';
import type { GrpcCallOptions } from './grpc-call-options.js';
import { failureOf } from './grpc-metadata.mapper.js';
import { followMetadata, tellMetadata } from './metadata-ear.js';
import type { ParkedCall, ProviderCall } from './provider-call.port.js';
import type { ProviderConnection } from './provider-connection.js';
import { type NextAttempt, Retries } from './retries.js';
import type { UnaryCallHost } from './unary-call-host.port.js';
import { UnaryAttempt } from './unary-attempt.js';
import { tellUnplaced } from './unplaced-call.js';

/** An attempt that was given less than this says nothing about its instance when the time is up. */
const FAIR_MS = 10;

/**
 * One unary call through its pipeline: deadline, retry, pick, link or gRPC, outcome. One object for all of it but its attempts,
 * because this is the hot path.
 */
export class UnaryCall implements ProviderCall, ParkedCall, Expirable {
  linkId = 0;
  wheelSlot = 0;
  wheelIndex = -1;
  grpcCall: grpc.ClientUnaryCall | undefined;
  readonly traceparent: string | undefined;
  readonly authorization: string | undefined;
  readonly metadata: CallMetadata | undefined;
  private readonly route: CallRoute;
  private isSettled = false;
  /** The last one, perhaps ended. */
  private last: UnaryAttempt | undefined;
  /** The call ran; its response is being fetched. */
  private isCollecting = false;
  private retries: Retries | undefined;
  private retryTimer: Cancellable | undefined;
  private lastFailure: CallStatus | undefined;
  private cancellation: Cancellation | undefined;

  constructor(
    private readonly host: UnaryCallHost,
    readonly method: MethodDefinition<unknown, unknown>,
    readonly request: unknown,
    readonly deadlineAt: number,
    private readonly options: UnaryCallOptions | undefined,
    private readonly scope: CallScope | undefined,
    private readonly resolve: (response: unknown) => void,
    private readonly reject: (error: Error) => void,
  ) {
    this.traceparent = options?.traceparent ?? scope?.traceparent;
    this.authorization = authorizationOf(options, scope);
    this.metadata = metadataOf(options, scope);
    this.route = routeOf(host, method, request, options);
  }

  /** What the next hop is told: above 0 it does not retry in turn. */
  get attempt(): number {
    return (this.scope?.attempt ?? 0) + (this.retries?.maybeRan ?? 0);
  }

  start(now: number): void {
    this.cancellation = Cancellation.of(this.options, this.scope, () => this.abort());
    if (this.cancellation?.isRequested === true) return this.abort();
    if (this.deadlineAt !== Number.POSITIVE_INFINITY) {
      if (this.deadlineAt <= now) return this.expire();
      this.host.wheel.add(this, now);
    }
    this.host.retryBudget.deposit(now);
    this.tryOnce(now);
  }

  /** Picks an instance and sends; also called when the host found a usable instance after all. */
  tryOnce(now = this.host.clock.monotonic()): void {
    if (this.isSettled) return;
    const { host } = this;
    if (now >= this.deadlineAt) return this.expire();
    try {
      const pick = this.route.pick(this.retries?.tried, now);
      if (pick === undefined) return this.route.wait(this);
      this.begin(pick, host.connectionTo(pick.instance), now);
    } catch (error) {
      // `eligible` is the caller's code.
      this.settleError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Nothing can take the call, and nothing is about to. */
  giveUp(): void {
    tellUnplaced(this.host, this.method.path, StatusCode.UNAVAILABLE, false);
    this.settleError(this.route.unreachable(this.lastError()));
  }

  succeed(response: unknown, headers?: CallMetadata, trailers?: CallMetadata): void {
    if (this.isSettled) return;
    const now = this.host.clock.monotonic();
    if (now > this.deadlineAt) return this.expire();
    this.last?.end(StatusCode.OK, false, now);
    tellMetadata(this.options, headers, trailers);
    this.settle();
    this.resolve(response);
  }

  fail(status: CallStatus, headers?: CallMetadata): void {
    if (this.isSettled) return;
    // That the time was up on arrival is no fault of the instance.
    this.last?.end(status.code, status.code === StatusCode.DEADLINE_EXCEEDED && status.isNotStarted);
    const tookMs = status.isNotStarted ? 0 : this.host.clock.monotonic() - (this.last?.startedAt ?? 0);
    if (this.triesAgain(status, tookMs)) return;
    tellMetadata(this.options, headers, status.trailers.size === 0 ? undefined : status.trailers);
    this.settleError(errorForCaller(status, this.host.service));
  }

  lost(reason: string, cause?: unknown): void {
    if (this.isSettled) return;
    this.last?.end(StatusCode.UNAVAILABLE);
    const status = { ...plainStatus(StatusCode.UNAVAILABLE, `the connection was lost (${reason})`), cause };
    // What broke says nothing of how long an answer takes.
    if (this.triesAgain(status, 0)) return;
    if (this.isIdempotent) return this.settleError(errorForCaller(status, this.host.service));
    const message = `the connection was lost (${reason}): whether ${this.method.path} ran is unknown`;
    this.settleError(new DomainError('OUTCOME_UNKNOWN', message, { kind: 'unavailable', cause }));
  }

  /** The instance fell silent: what can be done elsewhere is, all else waits for what it may still hear. */
  suspect(): void {
    if (this.isSettled || this.last === undefined) return;
    const { pick, connection } = this.last;
    if (!this.route.hasUntried([pick.instance])) return;
    if (this.linkId === 0) {
      connection.cancel(this);
      this.fail(plainStatus(StatusCode.UNAVAILABLE, `${pick.instance.id} does not answer`, true));
    } else if (this.isIdempotent) {
      connection.cancel(this);
      this.lost('no answer');
    }
  }

  tooLarge(payload: Buffer): void {
    this.linkId = 0;
    this.last?.connection.sendByGrpc(this, payload);
  }

  collect(ticket: Uint8Array, headers: CallMetadata, trailers: CallMetadata): void {
    this.linkId = 0;
    this.isCollecting = true;
    tellMetadata(this.options, headers, trailers);
    this.last?.connection.collect(this, ticket);
  }

  sentByGrpc(grpcCall: grpc.ClientUnaryCall): void {
    this.grpcCall = grpcCall;
    if (this.last !== undefined) this.last.transport = 'grpc';
    // Those of a collection are not those of the call.
    if (!this.isCollecting) followMetadata(grpcCall, this.options);
  }

  answeredByGrpc(error: grpc.ServiceError | null, response: Uint8Array | undefined): void {
    this.grpcCall = undefined;
    if (this.isSettled) return;
    if (error !== null) return this.failedByGrpc(error);
    let decoded: unknown;
    try {
      decoded = this.method.response.decode(response ?? new Uint8Array());
    } catch {
      return this.fail(plainStatus(StatusCode.INTERNAL, `unreadable response of ${this.method.path}`));
    }
    this.succeed(decoded);
  }

  expire(): void {
    const startedAt = this.last?.startedAt ?? this.deadlineAt;
    const wasParked = this.cutOff(StatusCode.DEADLINE_EXCEEDED, this.deadlineAt - startedAt < FAIR_MS);
    const failure = this.lastError();
    const cause = wasParked ? this.route.unreachable(failure) : failure;
    this.settleError(deadlineExceeded(this.method.path, cause));
  }

  /** What plain gRPC sends beside the payload. */
  wire(): GrpcCallOptions {
    const { traceparent, authorization, metadata, attempt, deadlineAt } = this;
    const finite = deadlineAt === Number.POSITIVE_INFINITY ? undefined : deadlineAt;
    const left = remainingMs(finite, this.host.clock.monotonic());
    return { remainingMs: left, traceparent, authorization, metadata, attempt };
  }

  private get isIdempotent(): boolean {
    return this.options?.isIdempotent ?? this.method.idempotency !== 'unknown';
  }

  private lastError(): DomainError | undefined {
    return this.lastFailure && errorForCaller(this.lastFailure, this.host.service);
  }

  private begin(pick: Pick, connection: ProviderConnection, now: number): void {
    const attempt = new UnaryAttempt(this.host, this.method.path, pick, connection, now);
    this.last = attempt;
    let isTaken: boolean;
    try {
      isTaken = connection.send(this, now);
    } catch (error) {
      attempt.end(StatusCode.INVALID_ARGUMENT, true);
      this.settleError(encodingError(this.method.path, this.request, error));
      return;
    }
    if (isTaken) return;
    const { instanceId } = connection.target;
    this.fail(plainStatus(StatusCode.RESOURCE_EXHAUSTED, `${instanceId} takes no more calls now`, true));
  }

  private failedByGrpc(error: grpc.ServiceError): void {
    const { status, isLost } = failureOf(error, this.last?.connection.target.instanceId ?? '');
    if (this.isCollecting && !SAYS_ITSELF.has(status.code)) {
      return this.lost(`its large response was not collected: ${status.message}`);
    }
    if (isLost) return this.lost('it broke', error);
    // Trailers of a failure were told by the call itself.
    this.fail({ ...status, trailers: NO_METADATA });
  }

  private abort(): void {
    if (this.isSettled) return;
    this.cutOff(StatusCode.CANCELLED);
    this.settleError(cancelled());
  }

  /** True when it waited for somebody to send it to. */
  private cutOff(code: number, isInnocent = false): boolean {
    this.last?.connection.cancel(this);
    this.last?.end(code, isInnocent);
    const wasParked = this.host.unpark(this);
    if (wasParked && code === StatusCode.DEADLINE_EXCEEDED) tellUnplaced(this.host, this.method.path, code, false);
    return wasParked;
  }

  /** `tookMs`: how long the instance needed to say so. */
  private triesAgain(status: CallStatus, tookMs: number): boolean {
    this.lastFailure = status;
    const instance = this.last?.pick.instance;
    if (instance === undefined) return false;
    this.retries ??= new Retries(this.host, {
      isIdempotent: this.isIdempotent,
      isChained: (this.scope?.attempt ?? 0) > 0,
      route: this.route,
    });
    const now = this.host.clock.monotonic();
    const next = this.retries.after(status, instance, now);
    if (next === undefined || !this.hasTimeFor(next, now, tookMs)) return false;
    this.linkId = 0;
    this.isCollecting = false;
    if (next.owner !== undefined) this.begin(next.owner, this.host.connectionTo(next.owner.instance), now);
    else if (next.pauseMs === 0) this.tryOnce();
    else this.retryTimer = this.host.scheduler.timer(next.pauseMs, () => this.tryOnce());
    return true;
  }

  /** Who has said so once will hardly need less time to say it again. */
  private hasTimeFor({ pauseMs }: NextAttempt, now: number, tookMs: number): boolean {
    const needsMs = this.route.hasUntried(this.retries?.tried ?? []) ? 0 : tookMs;
    return now + pauseMs + needsMs < this.deadlineAt;
  }

  private settleError(error: Error): void {
    this.settle();
    this.reject(error);
  }

  private settle(): void {
    this.isSettled = true;
    if (this.wheelIndex >= 0) this.host.wheel.remove(this);
    this.retryTimer?.cancel();
    this.route.end();
    this.cancellation?.release();
  }
}

/** Failures of a collection that are the call's own as they stand. */
const SAYS_ITSELF: ReadonlySet<number> = new Set([
  StatusCode.CANCELLED,
  StatusCode.DEADLINE_EXCEEDED,
  StatusCode.RESOURCE_EXHAUSTED,
]);
