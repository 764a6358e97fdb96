import { once } from 'node:events';

import type * as grpc from '@grpc/grpc-js';
import type { MethodDefinition } from '@rookery/contracts/nest';
import { remainingMs } from '@rookery/resilience';
import { DomainError } from '@rookery/runtime';

import type { Pick } from '../balancing/balancer.js';
import type { CallScope } from '../call-context.js';
import { errorOfStatus } from '../status/error.mapper.js';
import { StatusCode } from '../status/status-code.js';
import type { ChannelCallOptions } from './call-options.js';
import { metadataFromGrpc, statusOfServiceError } from './grpc-metadata.mapper.js';
import type { ProviderConnection } from './provider-connection.js';
import type { UnaryCallHost } from './unary-call-host.port.js';

/** One call with a stream, as plain gRPC on a picked instance. Not retried: what was sent or received cannot be unsaid. */
export class StreamCall<Req, Res> {
  private pick: Pick | undefined;
  private connection: ProviderConnection | undefined;
  private startedAt = 0;

  constructor(
    private readonly host: UnaryCallHost,
    private readonly method: MethodDefinition<Req, Res>,
    private readonly deadlineAt: number | undefined,
    private readonly options: ChannelCallOptions | undefined,
    private readonly scope: CallScope | undefined,
  ) {}

  /** Sends all requests and gives the one response. */
  async single(requests: AsyncIterable<Req>): Promise<Res> {
    let response: Res | undefined;
    for await (const message of this.exchange(requests)) response = message;
    if (response === undefined) {
      throw new DomainError('NO_RESPONSE', `${this.method.path} ended without a response`, { kind: 'internal' });
    }
    return response;
  }

  /** Sends requests as the provider takes them, gives responses as the caller takes them. */
  async *exchange(requests: AsyncIterable<Req>): AsyncGenerator<Res> {
    const call = await this.open();
    const signal = this.options?.signal ?? this.scope?.signal;
    const cancel = (): void => call.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted === true) cancel();
    let code: number = StatusCode.CANCELLED;
    let sendError: unknown;
    this.send(call, requests).catch((error: unknown) => {
      sendError = error;
      call.cancel();
    });
    try {
      for await (const message of call as AsyncIterable<Res>) yield message;
      code = StatusCode.OK;
    } catch (error) {
      // An error of the caller's own stream of requests is the reason of what followed.
      if (sendError !== undefined) throw sendError;
      if (!isServiceError(error)) throw error;
      const status = statusOfServiceError(error);
      code = status.code;
      throw errorOfStatus(status);
    } finally {
      signal?.removeEventListener('abort', cancel);
      call.cancel();
      this.end(code);
    }
  }

  private async open(): Promise<grpc.ClientDuplexStream<Req, Res>> {
    const pick = await this.awaitPick();
    const connection = this.host.connectionTo(pick.instance);
    const { method, options, scope, deadlineAt } = this;
    const token = options?.token ?? scope?.principal?.token;
    const stream = connection.grpc().stream(method, {
      remainingMs: remainingMs(deadlineAt, this.host.clock.monotonic()),
      traceparent: options?.traceparent ?? scope?.traceparent,
      authorization: token === undefined ? undefined : `Bearer ${token}`,
      metadata: options?.metadata === undefined ? undefined : new Map(Object.entries(options.metadata)),
      attempt: scope?.attempt ?? 0,
    });
    this.pick = pick;
    this.connection = connection;
    this.startedAt = this.host.clock.monotonic();
    pick.started();
    this.host.observer.callerStarted(method.path, connection.target);
    stream.on('metadata', (headers: grpc.Metadata) => options?.onHeaders?.(metadataFromGrpc(headers)));
    stream.on('status', (status: grpc.StatusObject) => options?.onTrailers?.(metadataFromGrpc(status.metadata)));
    return stream;
  }

  private awaitPick(): Promise<Pick> {
    const { host, options } = this;
    const request = options?.eligible === undefined ? {} : { eligible: options.eligible };
    return new Promise((resolve, reject) => {
      const attempt = {
        tryOnce: (): void => {
          const pick = host.pick(request);
          if (pick === undefined) host.park(attempt);
          else resolve(pick);
        },
        giveUp: (): void =>
          reject(
            new DomainError('NO_PROVIDER', `no usable instance of ${host.service}`, {
              kind: 'unavailable',
              retryAfterMs: 1000,
            }),
          ),
      };
      attempt.tryOnce();
    });
  }

  private async send(call: grpc.ClientDuplexStream<Req, Res>, requests: AsyncIterable<Req>): Promise<void> {
    for await (const request of requests) {
      if (call.destroyed || call.writableEnded) return;
      if (!call.write(request)) await Promise.race([once(call, 'drain'), once(call, 'close')]);
    }
    call.end();
  }

  private end(code: number): void {
    const { pick, connection } = this;
    if (pick === undefined || connection === undefined) return;
    const { target, transport } = connection;
    const durationMs = this.host.clock.monotonic() - this.startedAt;
    pick.ended(code, Number.NaN);
    this.host.observer.callerEnded({ method: this.method.path, code, durationMs, target, transport, isStream: true });
  }
}

function isServiceError(error: unknown): error is grpc.ServiceError {
  return error instanceof Error && 'code' in error && 'metadata' in error && 'details' in error;
}
