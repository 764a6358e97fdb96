import { Controller } from '@nestjs/common';
import { grpcTesting } from '@rookery/contracts/messages';
import { type CallContext, type TestServiceController, TestServiceControllerMethods } from '@rookery/contracts/nest';
import { kindOf } from '@rookery/rpc';
import { DomainError, type ErrorKind } from '@rookery/runtime';

const ECHO_HEADER = 'x-grpc-test-echo-initial';
const ECHO_TRAILER = 'x-grpc-test-echo-trailing-bin';

/** The gRPC project's own test service, as its interop clients expect it to behave. */
@Controller()
@TestServiceControllerMethods()
export class TestServiceGrpcController implements TestServiceController {
  emptyCall(): grpcTesting.Empty {
    return {};
  }

  unaryCall(request: grpcTesting.SimpleRequest, context: CallContext): grpcTesting.SimpleResponse {
    echo(context);
    refuse(request.responseStatus);
    return grpcTesting.SimpleResponse.fromPartial({ payload: payloadOf(request.responseSize) });
  }

  cacheableUnaryCall(request: grpcTesting.SimpleRequest, context: CallContext): grpcTesting.SimpleResponse {
    return this.unaryCall(request, context);
  }

  streamingOutputCall(
    request: grpcTesting.StreamingOutputCallRequest,
    context: CallContext,
  ): AsyncIterable<grpcTesting.StreamingOutputCallResponse> {
    return respond(request, context);
  }

  async streamingInputCall(
    requests: AsyncIterable<grpcTesting.StreamingInputCallRequest>,
  ): Promise<grpcTesting.StreamingInputCallResponse> {
    let aggregatedPayloadSize = 0;
    for await (const { payload } of requests) aggregatedPayloadSize += payload?.body.length ?? 0;
    return { aggregatedPayloadSize };
  }

  async *fullDuplexCall(
    requests: AsyncIterable<grpcTesting.StreamingOutputCallRequest>,
    context: CallContext,
  ): AsyncIterable<grpcTesting.StreamingOutputCallResponse> {
    echo(context);
    for await (const request of requests) yield* respond(request, context);
  }

  async *halfDuplexCall(
    requests: AsyncIterable<grpcTesting.StreamingOutputCallRequest>,
    context: CallContext,
  ): AsyncIterable<grpcTesting.StreamingOutputCallResponse> {
    const all: grpcTesting.StreamingOutputCallRequest[] = [];
    for await (const request of requests) all.push(request);
    for (const request of all) yield* respond(request, context);
  }

  unimplementedCall(): grpcTesting.Empty {
    throw new DomainError('UNIMPLEMENTED', 'this method is never implemented', { kind: 'unimplemented' });
  }
}

function echo(context: CallContext): void {
  const header = context.metadata.get(ECHO_HEADER);
  if (header !== undefined) context.setHeader(ECHO_HEADER, header);
  const trailer = context.metadata.get(ECHO_TRAILER);
  if (trailer !== undefined) context.setTrailer(ECHO_TRAILER, trailer);
}

function refuse(status: grpcTesting.EchoStatus | undefined): void {
  if (status === undefined || status.code === 0) return;
  const kind: ErrorKind = kindOf(status.code);
  throw new DomainError('ECHOED_STATUS', status.message, { kind });
}

async function* respond(
  request: grpcTesting.StreamingOutputCallRequest,
  context: CallContext,
): AsyncIterable<grpcTesting.StreamingOutputCallResponse> {
  refuse(request.responseStatus);
  for (const { size, intervalUs } of request.responseParameters) {
    if (intervalUs > 0) await pause(intervalUs / 1000, context.signal);
    if (context.signal.aborted) return;
    yield { payload: payloadOf(size) };
  }
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, durationMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function payloadOf(size: number): grpcTesting.Payload {
  if (size < 0) throw new DomainError('NEGATIVE_SIZE', 'a payload has 0 bytes or more', { kind: 'invalid-argument' });
  return { type: grpcTesting.PayloadType.COMPRESSABLE, body: Buffer.alloc(size) };
}
