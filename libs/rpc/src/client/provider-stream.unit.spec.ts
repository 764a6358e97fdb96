import { PassThrough } from 'node:stream';
import type * as grpc from '@grpc/grpc-js';
import { expect, it } from '@jest/globals';
import { TestServiceDefinition } from '@rookery/contracts/nest';

import { ProviderStream } from './provider-stream.js';

const method = TestServiceDefinition.method.fullDuplexCall;

it('a stream that had failed before anybody read it fails, instead of ending as if it had been served', async () => {
  const call = Object.assign(new PassThrough(), { cancel: () => undefined });
  const stream = new ProviderStream(call as unknown as grpc.ClientDuplexStream<Buffer, Buffer>, method);
  // As grpc-js does it: the error is told, and the stream ends by itself.
  const failure = Object.assign(new Error('too late'), { code: 4 });
  call.emit('error', failure);
  call.push(null);
  const read = async (): Promise<void> => {
    for await (const response of stream.exchange(nothing())) expect(response).toBeUndefined();
  };
  await expect(read()).rejects.toBe(failure);
});

async function* nothing(): AsyncGenerator<never> {
  await new Promise(() => undefined);
  yield undefined as never;
}
