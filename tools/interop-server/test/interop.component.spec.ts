import * as grpc from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { grpcTesting } from '@rookery/contracts/messages';
import {
  type MethodDefinition,
  TestServiceClient,
  TestServiceDefinition,
  UnimplementedServiceClient,
} from '@rookery/contracts/nest';
import { type ChannelCallOptions, kindOf, RpcClient, type ServiceChannel } from '@rookery/rpc';
import { DomainError, SystemClock, SystemRandom, SystemScheduler } from '@rookery/runtime';
import { describedInstance, HeldResolver } from '@rookery/testkit';

import { INTEROP_INSTANCE, type InteropServer, startInteropServer } from '../src/interop-server.js';

const method = TestServiceDefinition.method;
const KIB = 1024;

/** What the suite asks of a client, whichever way it goes. */
interface Way {
  unary<Req, Res>(definition: MethodDefinition<Req, Res>, request: Req, options?: ChannelCallOptions): Promise<Res>;
  bidi<Req, Res>(
    definition: MethodDefinition<Req, Res>,
    requests: AsyncIterable<Req>,
    options?: ChannelCallOptions,
  ): AsyncIterable<Res>;
  close(): Promise<void>;
}

function ownClient(port: number, capabilities: readonly string[]): Way {
  const { instanceId, service, incarnation } = INTEROP_INSTANCE;
  const instance = describedInstance(instanceId, port, { service, incarnation, capabilities });
  const client = new RpcClient({
    resolver: new HeldResolver([instance]),
    clock: new SystemClock(),
    random: new SystemRandom(),
    scheduler: new SystemScheduler(),
    security: { isPlaintextAllowed: false },
    self: { service: 'interop-test', instanceId: 'interop-test-1', incarnation: 'only' },
  });
  const channel: ServiceChannel = client.channel(INTEROP_INSTANCE.service);
  return {
    unary: (definition, request, options) => channel.unary(definition, request, options),
    bidi: (definition, requests, options) => channel.bidiStream(definition, requests, options),
    close: () => client.close(),
  };
}

/** grpc-js as anybody would use it, knowing nothing of Rookery but status codes. */
function foreignClient(port: number): Way {
  const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const metadataOf = (options: ChannelCallOptions | undefined): grpc.Metadata => {
    const metadata = new grpc.Metadata();
    for (const [key, value] of Object.entries(options?.metadata ?? {})) {
      metadata.set(key, typeof value === 'string' ? value : Buffer.from(value));
    }
    return metadata;
  };
  const callOptions = (options: ChannelCallOptions | undefined): grpc.CallOptions =>
    options?.timeoutMs === undefined ? {} : { deadline: Date.now() + options.timeoutMs };
  const listen = (call: grpc.Call, options: ChannelCallOptions | undefined): void => {
    call.on('metadata', (metadata: grpc.Metadata) => options?.onHeaders?.(new Map(Object.entries(metadata.getMap()))));
    call.on('status', (status: grpc.StatusObject) =>
      options?.onTrailers?.(new Map(Object.entries(status.metadata.getMap()))),
    );
    options?.signal?.addEventListener('abort', () => call.cancel());
  };
  const errorOf = (error: unknown): DomainError => {
    const { code, details } = error as grpc.ServiceError;
    return new DomainError('FOREIGN', details, { kind: kindOf(code) });
  };
  const encode = <T>(codec: MethodDefinition<T, T>['request'], message: T): Buffer =>
    Buffer.from(codec.encode(message).finish());
  return {
    unary: (definition, request, options) =>
      new Promise((resolve, reject) => {
        const call = client.makeUnaryRequest(
          definition.path,
          (message) => encode(definition.request, message),
          (bytes) => definition.response.decode(bytes),
          request,
          metadataOf(options),
          callOptions(options),
          (error, response) => {
            if (error !== null || response === undefined) reject(errorOf(error));
            else resolve(response);
          },
        );
        listen(call, options);
      }),
    async *bidi(definition, requests, options) {
      const call = client.makeBidiStreamRequest(
        definition.path,
        (message: Parameters<typeof definition.request.encode>[0]) => encode(definition.request, message),
        (bytes) => definition.response.decode(bytes),
        metadataOf(options),
        callOptions(options),
      );
      listen(call, options);
      void (async () => {
        for await (const request of requests) call.write(request);
        call.end();
      })();
      try {
        for await (const message of call) yield message;
      } catch (error) {
        throw errorOf(error);
      } finally {
        call.cancel();
      }
    },
    close: () => Promise.resolve(client.close()),
  };
}

async function* streamOf<T>(values: readonly T[]): AsyncIterable<T> {
  for (const value of values) yield await Promise.resolve(value);
}

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

const simple = grpcTesting.SimpleRequest.fromPartial;
const output = (sizes: readonly number[], intervalUs = 0): grpcTesting.StreamingOutputCallRequest =>
  grpcTesting.StreamingOutputCallRequest.fromPartial({
    responseParameters: sizes.map((size) => ({ size, intervalUs })),
  });

let server: InteropServer;
beforeAll(async () => {
  server = await startInteropServer(0);
});
afterAll(async () => {
  await server.close();
});

describe.each([
  ['our client over the link', (port: number) => ownClient(port, ['link'])],
  ['our client over plain gRPC', (port: number) => ownClient(port, [])],
  ['a plain grpc-js client', foreignClient],
])('interop: %s', (_name, connect) => {
  let way: Way;
  beforeAll(() => {
    way = connect(server.port);
  });
  afterAll(() => way.close());

  it('makes an empty call', async () => {
    expect(await way.unary(method.emptyCall, {})).toEqual({});
  });

  it.each([
    ['empty', 0, 0],
    ['small', 10, 20],
    ['as large as a frame', 65_000, 65_000],
    ['larger than a frame', 271_828, 314_159],
    ['of 3 MB in the response', 1, 3 * KIB * KIB],
    ['of 3 MB in the request', 3 * KIB * KIB, 1],
  ])('exchanges messages %s', async (_size, requestSize, responseSize) => {
    const request = simple({ responseSize, payload: { body: Buffer.alloc(requestSize) } });
    const response = await way.unary(method.unaryCall, request);
    expect(response.payload?.body.length).toBe(responseSize);
  });

  it('refuses a response above 4 MiB as RESOURCE_EXHAUSTED', async () => {
    const call = way.unary(method.unaryCall, simple({ responseSize: 5 * KIB * KIB }));
    await expect(call).rejects.toMatchObject({ kind: 'resource-exhausted' });
  });

  it.each(Array.from({ length: 16 }, (_none, index) => index + 1))('carries status code %i', async (code) => {
    const message = `status ${code} with \t\r\n ☺ 😈`;
    const call = way.unary(method.unaryCall, simple({ responseStatus: { code, message } }));
    await expect(call).rejects.toMatchObject({ kind: kindOf(code), message });
  });

  it.each(Array.from({ length: 16 }, (_none, index) => index + 1))(
    'carries status code %i in a stream',
    async (code) => {
      const request = grpcTesting.StreamingOutputCallRequest.fromPartial({ responseStatus: { code, message: 'no' } });
      const call = collect(way.bidi(method.fullDuplexCall, streamOf([request])));
      await expect(call).rejects.toMatchObject({ kind: kindOf(code), message: 'no' });
    },
  );

  it('carries metadata both ways', async () => {
    const seen = new Map<string, unknown>();
    await way.unary(method.unaryCall, simple({ responseSize: 1 }), {
      metadata: {
        'x-grpc-test-echo-initial': 'test_initial_metadata_value',
        'x-grpc-test-echo-trailing-bin': Buffer.from([0xab, 0xab, 0xab]),
      },
      onHeaders: (headers) => seen.set('header', headers.get('x-grpc-test-echo-initial')),
      onTrailers: (trailers) => seen.set('trailer', trailers.get('x-grpc-test-echo-trailing-bin')),
    });
    expect(seen.get('header')).toBe('test_initial_metadata_value');
    expect(Buffer.from(seen.get('trailer') as Uint8Array)).toEqual(Buffer.from([0xab, 0xab, 0xab]));
  });

  it('streams responses', async () => {
    const responses = await collect(way.bidi(method.streamingOutputCall, streamOf([output([31415, 9, 2653, 58979])])));
    expect(responses.map((response) => response.payload?.body.length)).toEqual([31415, 9, 2653, 58979]);
  });

  it('streams requests', async () => {
    const requests = [27182, 8, 1828, 45904].map((size) => ({ payload: { type: 0, body: Buffer.alloc(size) } }));
    const typed = requests.map((request) => grpcTesting.StreamingInputCallRequest.fromPartial(request));
    const responses = await collect(way.bidi(method.streamingInputCall, streamOf(typed)));
    expect(responses).toEqual([{ aggregatedPayloadSize: 74922 }]);
  });

  it('streams both ways, and nothing at all', async () => {
    const requests = [31415, 9].map((size) => output([size]));
    const responses = await collect(way.bidi(method.fullDuplexCall, streamOf(requests)));
    expect(responses).toHaveLength(2);
    expect(await collect(way.bidi(method.fullDuplexCall, streamOf([])))).toEqual([]);
  });

  it('ends a stream at its deadline', async () => {
    const call = collect(way.bidi(method.fullDuplexCall, streamOf([output([1], 5_000_000)]), { timeoutMs: 50 }));
    await expect(call).rejects.toMatchObject({ kind: 'deadline-exceeded' });
  });

  it('cancels before the first response', async () => {
    const controller = new AbortController();
    const call = collect(
      way.bidi(method.fullDuplexCall, streamOf([output([1], 5_000_000)]), { signal: controller.signal }),
    );
    controller.abort();
    await expect(call).rejects.toMatchObject({ kind: 'cancelled' });
  });

  it('cancels after the first response', async () => {
    const controller = new AbortController();
    const request = grpcTesting.StreamingOutputCallRequest.fromPartial({
      responseParameters: [{ size: 3 }, { size: 3, intervalUs: 5_000_000 }],
    });
    const received: number[] = [];
    const call = (async () => {
      for await (const response of way.bidi(method.fullDuplexCall, streamOf([request]), {
        signal: controller.signal,
      })) {
        received.push(response.payload?.body.length ?? 0);
        controller.abort();
      }
    })();
    await expect(call).rejects.toMatchObject({ kind: 'cancelled' });
    expect(received).toEqual([3]);
  });

  it('is told of a method and of a service that do not exist', async () => {
    await expect(way.unary(method.unimplementedCall, {})).rejects.toMatchObject({ kind: 'unimplemented' });
    const [unknown] = UnimplementedServiceClient.definition.methods;
    if (unknown === undefined) throw new Error('the contract has lost its method');
    await expect(way.unary(unknown, {})).rejects.toMatchObject({ kind: 'unimplemented' });
  });
});

describe('interop by the typed client', () => {
  it('offers each kind of method', async () => {
    const client = new RpcClient({
      resolver: new HeldResolver([]),
      clock: new SystemClock(),
      random: new SystemRandom(),
      scheduler: new SystemScheduler(),
      security: { isPlaintextAllowed: false },
      self: { service: 't', instanceId: 't', incarnation: 't' },
    });
    const typed = client.client(TestServiceClient);
    await expect(typed.emptyCall({})).rejects.toMatchObject({ code: 'NO_PROVIDER', kind: 'unavailable' });
    await client.close();
  });
});
