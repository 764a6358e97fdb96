import * as grpc from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from '@jest/globals';
import { HeldResolver } from '@rookery/testkit';

import { currentScope } from '../src/call-context.js';
import type { ServiceChannel } from '../src/client/service-channel.js';
import {
  change,
  failureOf,
  type Handlers,
  type Provider,
  request,
  response,
  SERVICE,
  Stage,
  streamingInputCall,
  WAYS,
} from './provider.js';

const stage = new Stage();
afterEach(() => stage.close());

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** Accepts all that comes with a trace, and leaves its mark on it. */
const tracestateOf = (traceparent: string | undefined, tracestate: string) => traceparent && `accepted ${tracestate}`;

const provider = (handlers: Handlers): Promise<Provider> => stage.provider('p1', handlers, { tracestateOf });

function reaching(one: Provider, capabilities: readonly string[]): ServiceChannel {
  return stage.caller(new HeldResolver([one.instance({ capabilities })])).channel(SERVICE);
}

describe.each(WAYS)('a tracestate over %s', (_way, capabilities) => {
  it('goes along with its trace from call to call, as far as it is accepted', async () => {
    const seen: unknown[] = [];
    const see = (): object => {
      seen.push([currentScope()?.traceparent, currentScope()?.tracestate]);
      return { ...response, aggregatedPayloadSize: 0 };
    };
    const last = reaching(await provider({ unaryCall: see, streamingInputCall: see }), capabilities);
    const onwards = async function* () {
      yield await Promise.resolve(request);
    };
    const first = await provider({
      unaryCall: async () => {
        await last.clientStream(streamingInputCall, onwards());
        return last.unary(change, request);
      },
    });
    const channel = reaching(first, capabilities);
    await channel.unary(change, request, { traceparent: TRACE, tracestate: 'a=1', metadata: { tenant: 'blue' } });
    await channel.unary(change, request, { traceparent: TRACE });
    const twice = (trace: unknown) => [trace, trace];
    expect(seen).toEqual([...twice([TRACE, 'accepted accepted a=1']), ...twice([TRACE, undefined])]);
  });

  it('is an option of its own', async () => {
    const channel = reaching(await provider({ unaryCall: () => response }), capabilities);
    const call = channel.unary(change, request, { metadata: { tracestate: 'a=1' } });
    expect(await failureOf(call)).toMatchObject({ code: 'INVALID_METADATA' });
  });
});

it('a tracestate in several headers, as other clients may send it, is one list', async () => {
  const seen: unknown[] = [];
  const { port } = await provider({
    unaryCall: () => {
      seen.push(currentScope()?.tracestate);
      return response;
    },
  });
  const metadata = new grpc.Metadata();
  metadata.set('traceparent', TRACE);
  for (const member of ['a=1', 'b=2']) metadata.add('tracestate', member);
  const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const bytes = (value: Buffer): Buffer => value;
  await new Promise<void>((resolve, reject) => {
    const answered = (error: grpc.ServiceError | null): void => (error === null ? resolve() : reject(error));
    client.makeUnaryRequest(change.path, bytes, bytes, Buffer.alloc(0), metadata, answered);
  });
  client.close();
  expect(seen).toEqual(['accepted a=1, b=2']);
});
