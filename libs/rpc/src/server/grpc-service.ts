import type * as grpc from '@grpc/grpc-js';
import { type Clock, DomainError } from '@rookery/runtime';
import { from, isObservable } from 'rxjs';

import { runInScope } from '../call-context.js';
import { encodeMessage } from '../codec/encode-message.js';
import { drained } from '../drained.js';
import { plainStatus, type CallStatus } from '../status/call-status.js';
import { StatusCode } from '../status/status-code.js';
import { warn } from '../tell-safely.js';
import { type Dispatcher, type Replier, unreadableRequest } from './dispatcher.js';
import { arrivalOf, grpcMetadataOf, serviceErrorOf } from './grpc-metadata.mapper.js';
import { Interruptible } from './interruptible.js';
import { iterate } from './observable-stream.js';
import type { ServerCall } from './server-call.js';
import type { ServerMethod } from './server-method.js';

type UnaryCall = grpc.ServerUnaryCall<Buffer, Buffer>;
type StreamingCall = grpc.ServerDuplexStream<Buffer, Buffer>;

const identity = (bytes: Buffer): Buffer => bytes;

/** Serves methods as plain gRPC, for clients in any language. */
export class GrpcService {
  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly clock: Clock,
    private readonly isDraining: () => boolean,
  ) {}

  /** grpc-js's own form of a service: bytes in, bytes out; the codecs of the contract are applied here. */
  definitionOf(methods: readonly ServerMethod[]): grpc.ServiceDefinition {
    return Object.fromEntries(methods.map((method) => [method.definition.name, pathOf(method)]));
  }

  implementationOf(methods: readonly ServerMethod[]): grpc.UntypedServiceImplementation {
    return Object.fromEntries(methods.map((method) => [method.definition.name, this.handlerOf(method)]));
  }

  private handlerOf(method: ServerMethod): grpc.UntypedHandleCall {
    if (!method.definition.requestStream && !method.definition.responseStream) {
      return (call: UnaryCall, reply: grpc.sendUnaryData<Buffer>) => this.unary(method, call, reply);
    }
    return (call: StreamingCall) => {
      this.stream(method, call).catch(warn);
    };
  }

  private unary(method: ServerMethod, call: UnaryCall, reply: grpc.sendUnaryData<Buffer>): void {
    const arrival = arrivalOf(call, this.clock.monotonic());
    if (this.refuses(method)) {
      reply(serviceErrorOf(LEAVING));
      return;
    }
    let request: unknown;
    let isReadable = true;
    try {
      request = method.definition.request.decode(call.request);
    } catch {
      isReadable = false;
    }
    const served = this.dispatcher.unary(method, arrival, request, isReadable, new UnaryReplier(call, reply));
    call.on('cancelled', () => served.abandon('the caller cancelled, is gone, or its deadline passed'));
  }

  private async stream(method: ServerMethod, call: StreamingCall): Promise<void> {
    const arrival = arrivalOf(call, this.clock.monotonic());
    const served = this.dispatcher.open(method, arrival);
    call.on('cancelled', () => served.abandon('the caller cancelled, is gone, or its deadline passed'));
    call.on('error', () => served.abandon('the stream broke'));
    let failure: CallStatus | undefined;
    try {
      failure = this.refuses(method) ? LEAVING : this.dispatcher.refusalOf(served);
      if (failure === undefined) {
        await this.dispatcher.admitStream(served);
        await this.exchange(method, call, served);
        endStream(call, served);
      }
    } catch (error) {
      failure = this.dispatcher.statusOf(error, served);
    }
    // Before the failure is told: that counts as the end of the stream, which is nobody's giving up.
    const code = served.isAbandoned ? StatusCode.CANCELLED : (failure?.code ?? StatusCode.OK);
    try {
      if (failure !== undefined) failStream(call, served, failure);
    } finally {
      this.dispatcher.close(served, code);
    }
  }

  private refuses(method: ServerMethod): boolean {
    return this.isDraining() && method.isUncounted !== true;
  }

  private async exchange(method: ServerMethod, call: StreamingCall, served: ServerCall): Promise<void> {
    const { definition } = method;
    const requests = this.requestsOf(method, call);
    const request = definition.requestStream ? requests : await firstOf(requests);
    const result: unknown = await runInScope(served, () => method.handler(request, served));
    const responses = responsesOf(result, definition.responseStream)[Symbol.asyncIterator]();
    const waiting = new Interruptible(served.signal);
    try {
      for (;;) {
        const next = await waiting.wait(runInScope(served, () => responses.next()));
        if (next === undefined || next.done === true) return;
        sendHeaders(call, served);
        const bytes = encodeMessage(definition.response, next.value);
        if (!call.write(bytes)) await waiting.wait(drained(call));
      }
    } finally {
      waiting.release();
      // Not waited for: a handler that ignores its signal must not keep the call. What it throws now concerns nobody.
      void responses.return?.(undefined).catch(() => undefined);
    }
  }

  private async *requestsOf(method: ServerMethod, call: StreamingCall): AsyncGenerator<unknown> {
    // A handler that stops reading, as one of a single request does, must not end the call.
    for await (const bytes of call.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      const request = decoded(method, bytes);
      this.dispatcher.validate(method, request);
      yield request;
    }
  }
}

const LEAVING = plainStatus(StatusCode.UNAVAILABLE, 'the server is leaving', true);

class UnaryReplier implements Replier {
  constructor(
    private readonly call: UnaryCall,
    private readonly reply: grpc.sendUnaryData<Buffer>,
  ) {}

  succeed(served: ServerCall, response: unknown): void {
    const bytes = encodeMessage(served.method.definition.response, response);
    if (served.headers !== undefined) this.call.sendMetadata(grpcMetadataOf(served.headers));
    this.reply(null, bytes, grpcMetadataOf(served.trailers));
  }

  fail(served: ServerCall, status: CallStatus): void {
    if (served.headers !== undefined) this.call.sendMetadata(grpcMetadataOf(served.headers));
    this.reply(serviceErrorOf(status));
  }
}

function pathOf(method: ServerMethod): grpc.MethodDefinition<Buffer, Buffer> {
  const { definition } = method;
  // One streaming kind serves all three: what is sent and how often is the same on the wire.
  const isStream = definition.requestStream || definition.responseStream;
  return {
    path: definition.path,
    originalName: definition.property,
    requestStream: isStream,
    responseStream: isStream,
    requestSerialize: identity,
    requestDeserialize: identity,
    responseSerialize: identity,
    responseDeserialize: identity,
  };
}

function decoded(method: ServerMethod, bytes: Buffer): unknown {
  try {
    return method.definition.request.decode(bytes);
  } catch {
    throw unreadableRequest();
  }
}

async function* responsesOf(result: unknown, isStream: boolean): AsyncGenerator<unknown> {
  if (!isStream) {
    yield isObservable(result) ? await lastOf(iterate(result)) : (result ?? {});
    return;
  }
  // An interceptor turns whatever a handler returns into an Observable, an AsyncIterable into an Observable of one.
  for await (const value of isObservable(result) ? iterate(result) : iterate(from([result]))) {
    if (isAsyncIterable(value)) yield* value;
    else yield value;
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

async function firstOf(values: AsyncIterable<unknown>): Promise<unknown> {
  for await (const value of values) return value;
  throw new DomainError('REQUEST_MISSING', 'the call ended without its request', { kind: 'invalid-argument' });
}

async function lastOf(values: AsyncIterable<unknown>): Promise<unknown> {
  let last: unknown = {};
  for await (const value of values) last = value;
  return last;
}

function sendHeaders(call: StreamingCall, served: ServerCall): void {
  if (served.headers === undefined) return;
  call.sendMetadata(grpcMetadataOf(served.headers));
  served.headers = undefined;
}

function endStream(call: StreamingCall, served: ServerCall): void {
  sendHeaders(call, served);
  call.end(grpcMetadataOf(served.trailers));
}

function failStream(call: StreamingCall, served: ServerCall, status: CallStatus): void {
  if (served.isAbandoned) return;
  sendHeaders(call, served);
  const trailers = served.trailers ?? status.trailers;
  call.emit('error', serviceErrorOf({ ...status, trailers }));
}
