import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { afterEach, describe, expect, it } from '@jest/globals';
import { HeldResolver, until } from '@rookery/testkit';

import { verdictOf } from '../src/balancing/outcome.js';
import { change, failureOf, fullDuplexCall, request, response, SERVICE, Stage, WAYS } from './provider.js';
import { RecordingObserver } from './recording-observer.js';

const stage = new Stage();
afterEach(() => stage.close());

/** A field that claims to be longer than the message: no reader takes it. */
const broken = {
  encode: (_message: unknown, writer = new BinaryWriter()) => writer.tag(3, 2).uint32(1000),
  decode: change.request.decode,
};

async function setUp(capabilities: readonly string[]) {
  const observers = { caller: new RecordingObserver(), callee: new RecordingObserver() };
  const handlers = { unaryCall: () => response, fullDuplexCall: (requests: unknown) => requests };
  const provider = await stage.provider('p1', handlers, { observer: observers.callee });
  const resolver = new HeldResolver([provider.instance({ capabilities })]);
  const channel = stage.caller(resolver, { observer: observers.caller }).channel(SERVICE);
  await until('it is usable', () => channel.instances().every((each) => each.isUsable));
  return { provider, channel, observers };
}

describe.each(WAYS)('a request over %s that is no message of its method', (_way, capabilities) => {
  const refusal = { kind: 'invalid-argument', code: 'UNREADABLE_REQUEST' };

  it('is the fault of its caller, and speaks against no instance', async () => {
    const { channel, provider, observers } = await setUp(capabilities);
    expect(await failureOf(channel.unary({ ...change, request: broken }, request))).toMatchObject(refusal);
    expect(provider.calls).toEqual([]);
    expect(provider.hiddenErrors).toEqual([]);
    for (const records of [observers.caller.caller, observers.callee.callee]) {
      await until('it was reported', () => records.length > 0);
      expect(records.map(({ code }) => verdictOf(code))).toEqual(['refused']);
    }
  });

  it('ends a stream in the same way', async () => {
    const { channel, observers } = await setUp(capabilities);
    const requests = (async function* () {
      yield await Promise.resolve(request);
    })();
    const responses = channel.bidiStream({ ...fullDuplexCall, request: broken }, requests);
    expect(await failureOf(Promise.resolve(responses[Symbol.asyncIterator]().next()))).toMatchObject(refusal);
    await until('it was reported', () => observers.callee.callee.length === 1);
    expect(observers.callee.callee.map(({ code }) => verdictOf(code))).toEqual(['refused']);
  });
});
