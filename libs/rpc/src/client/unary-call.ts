import type * as grpc from '@grpc/grpc-js';
import type { MethodDefinition } from '@rookery/contracts/nest';
import type { Instance } from '@rookery/discovery';
import { remainingMs } from '@rookery/resilience';
import { DomainError } from '@rookery/runtime';

import type { Pick, PickRequest } from '../balancing/balancer.js';
import type { CallScope } from '../call-context.js';
import { type CallMetadata, type CallStatus, NO_METADATA, plainStatus } from '../status/call-status.js';
import { errorOfStatus } from '../status/error.mapper.js';
import { StatusCode } from '../status/status-code.js';
import { type ChannelCallOptions, MAX_REFUSED_ATTEMPTS, MAX_UNKNOWN_ATTEMPTS } from './call-options.js';
import type { Expirable } from './deadline-wheel.js';
import { metadataFromGrpc, statusOfServiceError } from './grpc-metadata.mapper.js';
import type { GrpcCallOptions } from './grpc-transport.js';
import type { ParkedCall, ProviderCall } from './provider-call.port.js';
import type { ProviderConnection } from './provider-connection.js';
import type { UnaryCallHost } from './unary-call-host.port.js';

/**
 * One unary call through its pipeline: deadline, retry, pick, link or gRPC, outcome. One object for all of it, because
 * this is the hot path.
 */
export class UnaryCall implements ProviderCall, ParkedCall, Expirable {
  linkId = 0;
  wheelSlot = 0;
  wheelIndex = -1;
  grpcCall: grpc.ClientUnaryCall | undefined;
  readonly traceparent: string | undefined;
  readonly authorization: string | undefined;
  readonly metadata: CallMetadata | undefined;
  /** What the next hop is told: above 0 it does not retry in turn. */
  attempt: number;

  private isSettled = false;
  private connection: ProviderConnection | undefined;
  private pick: Pick | undefined;
  private startedAt = 0;
  private tried: Instance[] | undefined;
  private refusals = 0;
  private unknowns = 0;
  private lastFailure: CallStatus | undefined;
  private onAbort: (() => void) | undefined;

  constructor(
    private readonly host: UnaryCallHost,
    readonly method: MethodDefinition<unknown, unknown>,
    readonly request: unknown,
    readonly deadlineAt: number,
    private readonly options: ChannelCallOptions | undefined,
    private readonly scope: CallScope | undefined,
    private readonly resolve: (response: unknown) => void,
    private readonly reject: (error: Error) => void,
  ) {
    this.traceparent = options?.traceparent ?? scope?.traceparent;
    const token = options?.token ?? scope?.principal?.token;
    this.authorization = token === undefined ? undefined : `Bearer ${token}`;
    this.metadata = options?.metadata === undefined ? undefined : new Map(Object.entries(options.metadata));
    this.attempt = scope?.attempt ?? 0;
  }

  start(): void {
    const signal = this.options?.signal ?? this.scope?.signal;
    if (signal !== undefined) {
      if (signal.aborted) return this.reject(cancelled());
      this.onAbort = () => this.abort();
      signal.addEventListener('abort', this.onAbort, { once: true });
    }
    if (this.deadlineAt !== Number.POSITIVE_INFINITY) {
      if (this.deadlineAt <= this.host.clock.monotonic()) return this.expire();
      this.host.wheel.add(this);
    }
    this.host.retryBudget.deposit();
    this.tryOnce();
  }

  /** The host found a usable instance after all. */
  tryOnce(): void {
    if (this.isSettled) return;
    const { host } = this;
    const pick = host.pick(this.pickRequest());
    if (pick === undefined) return host.park(this);
    const connection = host.connectionTo(pick.instance);
    this.pick = pick;
    this.connection = connection;
    this.startedAt = host.clock.monotonic();
    pick.started();
    host.observer.callerStarted(this.method.path, connection.target);
    try {
      if (connection.send(this)) return;
    } catch (error) {
      this.endAttempt(StatusCode.INTERNAL);
      this.settleError(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.fail(
      plainStatus(StatusCode.RESOURCE_EXHAUSTED, `${connection.target.instanceId} takes no more calls now`, true),
    );
  }

  /** Nothing can take the call, and nothing is about to. */
  giveUp(): void {
    const { service } = this.host;
    if (this.lastFailure !== undefined) return this.settleError(errorOfStatus(this.lastFailure));
    const details = { kind: 'unavailable', retryAfterMs: 1000, metadata: { service } } as const;
    this.settleError(new DomainError('NO_PROVIDER', `no usable instance of ${service}`, details));
  }

  succeed(response: unknown, headers?: CallMetadata, trailers?: CallMetadata): void {
    if (this.isSettled) return;
    const now = this.host.clock.monotonic();
    if (now > this.deadlineAt) {
      this.expire();
      return;
    }
    this.endAttempt(StatusCode.OK);
    this.tell(headers, trailers);
    this.settle();
    this.resolve(response);
  }

  fail(status: CallStatus, headers?: CallMetadata): void {
    if (this.isSettled) return;
    this.endAttempt(status.code);
    this.lastFailure = status;
    if (status.isNotStarted ? this.mayRetryRefused(status) : this.mayRetryUnknown(status)) return;
    this.tell(headers, status.trailers.size === 0 ? undefined : status.trailers);
    this.settleError(errorOfStatus(status));
  }

  lost(reason: string): void {
    if (this.isSettled) return;
    this.endAttempt(StatusCode.UNAVAILABLE);
    const status = plainStatus(StatusCode.UNAVAILABLE, `the connection was lost (${reason})`);
    this.lastFailure = status;
    if (this.mayRetryUnknown(status)) return;
    if (this.isIdempotent) return this.settleError(errorOfStatus(status));
    const message = `the connection was lost (${reason}): whether ${this.method.path} ran is unknown`;
    this.settleError(new DomainError('OUTCOME_UNKNOWN', message, { kind: 'unavailable' }));
  }

  /** The instance fell silent: an idempotent call is better asked elsewhere, any other waits for what it may still hear. */
  suspect(): void {
    if (!this.isIdempotent || this.isSettled) return;
    this.connection?.cancel(this);
    this.lost('no answer');
  }

  tooLarge(payload: Buffer): void {
    this.linkId = 0;
    this.connection?.sendByGrpc(this, payload);
  }

  collect(ticket: Uint8Array, headers: CallMetadata, trailers: CallMetadata): void {
    this.linkId = 0;
    this.tell(headers, trailers);
    this.connection?.collect(this, ticket);
  }

  sentByGrpc(grpcCall: grpc.ClientUnaryCall): void {
    this.grpcCall = grpcCall;
    const { onHeaders, onTrailers } = this.options ?? {};
    if (onHeaders !== undefined)
      grpcCall.on('metadata', (headers: grpc.Metadata) => onHeaders(metadataFromGrpc(headers)));
    if (onTrailers === undefined) return;
    grpcCall.on('status', (status: grpc.StatusObject) => onTrailers(metadataFromGrpc(status.metadata)));
  }

  answeredByGrpc(error: grpc.ServiceError | null, response: Uint8Array | undefined): void {
    this.grpcCall = undefined;
    if (this.isSettled) return;
    // Trailers of a failure were told by the call itself.
    if (error !== null) return this.fail({ ...statusOfServiceError(error), trailers: NO_METADATA });
    let decoded: unknown;
    try {
      decoded = this.method.response.decode(response ?? new Uint8Array());
    } catch {
      return this.fail(plainStatus(StatusCode.INTERNAL, `unreadable response of ${this.method.path}`));
    }
    this.succeed(decoded);
  }

  expire(): void {
    this.cutOff(StatusCode.DEADLINE_EXCEEDED);
    this.settleError(
      new DomainError('DEADLINE_EXCEEDED', `no answer of ${this.method.path} within the deadline`, {
        kind: 'deadline-exceeded',
      }),
    );
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

  private pickRequest(): PickRequest {
    if (this.tried === undefined && this.options?.eligible === undefined) return NO_WISHES;
    return {
      ...(this.tried === undefined ? {} : { tried: this.tried }),
      ...(this.options?.eligible === undefined ? {} : { eligible: this.options.eligible }),
    };
  }

  private abort(): void {
    if (this.isSettled) return;
    this.cutOff(StatusCode.CANCELLED);
    this.settleError(cancelled());
  }

  private cutOff(code: number): void {
    this.connection?.cancel(this);
    this.endAttempt(code);
    this.host.unpark(this);
  }

  private mayRetryRefused(status: CallStatus): boolean {
    const isElsewhere = status.code === StatusCode.UNAVAILABLE || status.code === StatusCode.RESOURCE_EXHAUSTED;
    if (!isElsewhere || ++this.refusals >= MAX_REFUSED_ATTEMPTS) return false;
    return this.again(this.refusals, status.retryAfterMs);
  }

  private mayRetryUnknown(status: CallStatus): boolean {
    if (status.code !== StatusCode.UNAVAILABLE || !this.isIdempotent) return false;
    if (status.retryAfterMs !== undefined && status.retryAfterMs < 0) return false;
    // Chain-stop: what serves a retry does not retry in turn, or three tiers of three attempts make 27 calls.
    if ((this.scope?.attempt ?? 0) > 0 || ++this.unknowns >= MAX_UNKNOWN_ATTEMPTS) return false;
    if (!this.host.retryBudget.withdraw()) return false;
    this.attempt++;
    return this.again(this.unknowns, status.retryAfterMs);
  }

  private again(retry: number, pushBackMs: number | undefined): boolean {
    const instance = this.pick?.instance;
    if (instance !== undefined) (this.tried ??= []).push(instance);
    const pause = pushBackMs ?? (this.host.hasUntried(this.tried ?? []) ? 0 : this.host.backOffMs(retry));
    if (this.host.clock.monotonic() + pause >= this.deadlineAt) return false;
    this.linkId = 0;
    if (pause === 0) this.tryOnce();
    else this.host.scheduler.timer(pause, () => this.tryOnce());
    return true;
  }

  private endAttempt(code: number): void {
    const { pick, connection } = this;
    if (pick === undefined || connection === undefined || this.startedAt < 0) return;
    const durationMs = this.host.clock.monotonic() - this.startedAt;
    this.startedAt = -1;
    pick.ended(code, durationMs);
    this.host.observer.callerEnded({
      method: this.method.path,
      code,
      durationMs,
      target: connection.target,
      transport: connection.transport,
      isStream: false,
    });
  }

  private tell(headers: CallMetadata | undefined, trailers: CallMetadata | undefined): void {
    if (headers !== undefined) this.options?.onHeaders?.(headers);
    if (trailers !== undefined) this.options?.onTrailers?.(trailers);
  }

  private settleError(error: Error): void {
    this.settle();
    this.reject(error);
  }

  private settle(): void {
    this.isSettled = true;
    if (this.wheelIndex >= 0) this.host.wheel.remove(this);
    if (this.onAbort !== undefined) {
      (this.options?.signal ?? this.scope?.signal)?.removeEventListener('abort', this.onAbort);
    }
  }
}

const NO_WISHES: PickRequest = {};

function cancelled(): DomainError {
  return new DomainError('CANCELLED', 'the caller cancelled', { kind: 'cancelled' });
}
