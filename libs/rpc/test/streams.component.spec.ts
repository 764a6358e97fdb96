import * as grpc from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { grpcTesting, health } from '@rookery/contracts/messages';
import { HealthDefinition, TestServiceClient } from '@rookery/contracts/nest';
import { describedInstance, HeldResolver, until } from '@rookery/testkit';

import type { RpcClient } from '../src/client/rpc-client.js';
import type { ServiceChannel } from '../src/client/service-channel.js';
import {
  clientOf,
  failureOf,
  fullDuplexCall,
  type Handlers,
  Provider,
  SERVICE,
  streamingInputCall,
  streamingOutputCall,
} from './provider.js';
import { RecordingObserver } from './recording-observer.js';

const output = grpcTesting.StreamingOutputCallRequest.fromPartial({});
const piece = (size: number): grpcTesting.StreamingOutputCallResponse =>
  grpcTesting.StreamingOutputCallResponse.fromPartial({ payload: { body: Buffer.alloc(size) } });

let signals: AbortSignal[];
let finished: string[];

async function* endless(): AsyncGenerator<grpcTesting.StreamingOutputCallResponse> {
  try {
    for (;;) yield await Promise.resolve(piece(10_000));
  } finally {
    finished.push('responses');
  }
}

async function* silence(): AsyncGenerator<never> {
  await new Promise(() => undefined);
  yield undefined as never;
}

const handlers: Handlers = {
  streamingOutputCall: (_request, context) => {
    signals.push(context.signal);
    return endless();
  },
  streamingInputCall: async (requests) => {
    let aggregatedPayloadSize = 0;
    for await (const { payload } of requests as AsyncIterable<grpcTesting.StreamingInputCallRequest>) {
      aggregatedPayloadSize += payload?.body.length ?? 0;
    }
    return { aggregatedPayloadSize };
  },
  fullDuplexCall: (_requests, context) => {
    signals.push(context.signal);
    return silence();
  },
};

let provider: Provider;
let client: RpcClient;
let channel: ServiceChannel;
let observer: RecordingObserver;

beforeEach(async () => {
  signals = [];
  finished = [];
  observer = new RecordingObserver();
  provider = await Provider.start('p1', handlers);
  client = clientOf(new HeldResolver([provider.instance()]), { observer });
  channel = client.channel(SERVICE);
});

afterEach(async () => {
  await client.close();
  await provider.close();
});

const idle = (): Promise<void> => until('nothing is in work', () => provider.server.dispatcher.inFlight === 0);

describe('a streaming call', () => {
  it('ends at the provider when the caller stops reading', async () => {
    let read = 0;
    for await (const response of channel.serverStream(streamingOutputCall, output)) {
      expect(response.payload?.body).toHaveLength(10_000);
      if (++read === 300) break;
    }
    await until('the provider hears', () => signals[0]?.aborted === true);
    await idle();
    expect(finished).toEqual(['responses']);
    expect(observer.caller.map((record) => record.code)).toEqual([grpc.status.CANCELLED]);
  });

  it('waits for a provider that takes its time', async () => {
    const bytes = 2_000_000;
    async function* requests(): AsyncGenerator<grpcTesting.StreamingInputCallRequest> {
      for (let sent = 0; sent < 30; sent++) {
        yield await Promise.resolve({
          ...grpcTesting.StreamingInputCallRequest.fromPartial({ payload: { body: Buffer.alloc(bytes) } }),
        });
      }
    }
    const answer = await channel.clientStream(streamingInputCall, requests());
    expect(answer.aggregatedPayloadSize).toBe(30 * bytes);
  });

  it('fails with what its requests threw, and ends at the provider', async () => {
    async function* requests(): AsyncGenerator<grpcTesting.StreamingInputCallRequest> {
      yield await Promise.resolve(grpcTesting.StreamingInputCallRequest.fromPartial({}));
      throw new Error('the source broke');
    }
    const failure = await failureOf(channel.clientStream(streamingInputCall, requests()));
    expect(failure).toMatchObject({ message: 'the source broke' });
    await idle();
  });

  it('fails with the field that cannot be sent exactly', async () => {
    const broken = grpcTesting.StreamingOutputCallRequest.fromPartial({ responseParameters: [{ size: 0.5 }] });
    const failure = await failureOf(first(channel.serverStream(streamingOutputCall, broken)));
    expect(failure).toMatchObject({ code: 'INVALID_REQUEST', violations: [{ field: 'responseParameters[0].size' }] });
  });

  it('releases requests that never come', async () => {
    let isReleased = false;
    const requests: AsyncIterable<grpcTesting.StreamingOutputCallRequest> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => undefined),
        return: () => {
          isReleased = true;
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
    const controller = new AbortController();
    const failure = failureOf(first(channel.bidiStream(fullDuplexCall, requests, { signal: controller.signal })));
    await until('it is in work', () => signals.length === 1);
    controller.abort();
    expect(await failure).toMatchObject({ code: 'CANCELLED' });
    expect(isReleased).toBe(true);
    await until('the provider hears', () => signals[0]?.aborted === true);
    await idle();
  });

  it('ends at its deadline on both sides', async () => {
    const call = channel.serverStream(fullDuplexCall, output, { timeoutMs: 300 });
    expect(await failureOf(first(call))).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    await idle();
  });

  it('waits for an instance no longer than its deadline, or than anybody wants it', async () => {
    const nobody = clientOf(new HeldResolver());
    const waiting = nobody.channel(SERVICE);
    const late = failureOf(first(waiting.serverStream(streamingOutputCall, output, { timeoutMs: 30 })));
    expect(await late).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    const controller = new AbortController();
    const given = failureOf(first(waiting.serverStream(streamingOutputCall, output, { signal: controller.signal })));
    controller.abort();
    expect(await given).toMatchObject({ code: 'CANCELLED' });
    const left = failureOf(first(waiting.serverStream(streamingOutputCall, output)));
    await nobody.close();
    expect(await left).toMatchObject({ code: 'NO_PROVIDER' });
  });

  it('with one request goes elsewhere when the instance is not there', async () => {
    const dead = describedInstance('p2', 1, { capabilities: [] });
    const alive = provider.instance({ capabilities: [] });
    const both = clientOf(new HeldResolver([dead, alive]), { balancers: { [SERVICE]: 'round-robin' } });
    for (let round = 0; round < 6; round++) {
      expect(await first(both.channel(SERVICE).serverStream(streamingOutputCall, output))).toBeDefined();
    }
    await both.close();
  });

  it('is refused at the limit as not started', async () => {
    const small = await Provider.start('p3', handlers, { concurrencyLimit: 1 });
    const one = clientOf(new HeldResolver([small.instance()]));
    const running = one.channel(SERVICE).bidiStream(fullDuplexCall, silence())[Symbol.asyncIterator]();
    const pending = running.next();
    await until('it is in work', () => small.server.dispatcher.inFlight === 1);
    const failure = await failureOf(first(one.channel(SERVICE).serverStream(streamingOutputCall, output)));
    expect(failure).toMatchObject({ code: 'OVERLOADED', kind: 'resource-exhausted' });
    await one.close();
    await small.close();
    await failureOf(pending);
  });
});

describe('the typed client', () => {
  it('has each kind of method', async () => {
    const typed = client.client({ ...TestServiceClient, prototype: TestServiceClient.prototype, definition: { ...TestServiceClient.definition, service: SERVICE } }); // prettier-ignore
    async function* two(): AsyncGenerator<grpcTesting.StreamingInputCallRequest> {
      yield grpcTesting.StreamingInputCallRequest.fromPartial({ payload: { body: Buffer.alloc(3) } });
      yield await Promise.resolve(
        grpcTesting.StreamingInputCallRequest.fromPartial({ payload: { body: Buffer.alloc(4) } }),
      );
    }
    expect(await typed.streamingInputCall(two())).toEqual({ aggregatedPayloadSize: 7 });
    expect((await first(typed.streamingOutputCall(output)))?.payload?.body).toHaveLength(10_000);
    expect(await failureOf(typed.emptyCall({}))).toMatchObject({ kind: 'unimplemented' });
    const waiting = first(typed.fullDuplexCall(silence(), { timeoutMs: 100 }));
    expect(await failureOf(waiting)).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  });
});

describe('watching the health of a provider', () => {
  const { watch } = HealthDefinition.method;
  const { SERVING, NOT_SERVING } = health.HealthCheckResponse_ServingStatus;

  it('holds up neither its limit nor its drain, and ends with it', async () => {
    const seen: number[] = [];
    const end = (async () => {
      for await (const { status } of channel.serverStream(watch, { service: '' })) seen.push(status);
    })();
    await until('the watch stands', () => seen.length === 1);
    expect(provider.server.dispatcher.inFlight).toBe(0);
    provider.server.setServing(true);
    await until('it serves', () => seen.at(-1) === SERVING);
    provider.server.setServing(false);
    await until('it does not', () => seen.at(-1) === NOT_SERVING);
    expect(await provider.server.drain(5000)).toBe(0);
    await end;
  });

  it('leaves nothing behind when the watcher goes', async () => {
    for (let round = 0; round < 20; round++) await first(channel.serverStream(watch, { service: '' }));
    await until('all ended', () => observer.caller.length === 20);
    await idle();
  });
});

async function first<T>(values: AsyncIterable<T>): Promise<T | undefined> {
  for await (const value of values) return value;
  return undefined;
}
