import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { DomainError } from '@rookery/runtime';
import { HeldResolver, until } from '@rookery/testkit';

import { change, failureOf, Gate, look, request, response, SERVICE, Stage, WAYS } from './provider.js';

const stage = new Stage();
afterEach(() => stage.close());

describe('retries', () => {
  const refusing = (retryAfterMs?: number) => () => {
    const pause = retryAfterMs === undefined ? {} : { retryAfterMs };
    throw new DomainError('DOWN', 'not now', { kind: 'unavailable', ...pause });
  };

  it('are at most three attempts, for idempotent methods alone', async () => {
    const one = await stage.provider('p1', { cacheableUnaryCall: refusing(), unaryCall: refusing() });
    const { channel } = await stage.connected([one]);
    expect(await failureOf(channel.unary(look, request))).toMatchObject({ code: 'DOWN' });
    expect(one.calls).toHaveLength(3);
    expect(await failureOf(channel.unary(change, request))).toMatchObject({ code: 'DOWN' });
    expect(one.calls).toHaveLength(4);
  });

  it('do not happen when the provider forbids them', async () => {
    const one = await stage.provider('p1', { cacheableUnaryCall: refusing(-1) });
    const { channel } = await stage.connected([one]);
    await failureOf(channel.unary(look, request));
    expect(one.calls).toHaveLength(1);
  });

  it('end with their budget', async () => {
    const one = await stage.provider('p1', { cacheableUnaryCall: refusing() });
    const { channel } = await stage.connected([one]);
    const failures = Array.from({ length: 1000 }, () => failureOf(channel.unary(look, request)));
    await Promise.all(failures);
    // A fifth of the calls, and ten a second over ten seconds.
    expect(one.calls.length).toBeLessThanOrEqual(1000 + 200 + 100);
    expect(one.calls.length).toBeGreaterThan(1100);
  });

  it('are told to the next hop, which does not retry in turn', async () => {
    const far = await stage.provider('far', { cacheableUnaryCall: refusing() });
    const { channel: toFar } = await stage.connected([far]);
    const near = await stage.provider('near', { cacheableUnaryCall: () => toFar.unary(look, request) });
    const { channel } = await stage.connected([near]);
    await failureOf(channel.unary(look, request));
    // Without chain-stop it would be nine: the first of three attempts alone may retry.
    expect(near.calls).toHaveLength(3);
    expect(far.calls).toHaveLength(3 + 1 + 1);
  });
});

describe('a call made on behalf of another', () => {
  it('inherits its deadline, and ends when its caller is gone', async () => {
    const gate = new Gate();
    const deadlines: (number | undefined)[] = [];
    const far = await stage.provider('far', {
      unaryCall: (message, context) => {
        deadlines.push(context.deadlineAt);
        return gate.handler(message, context);
      },
    });
    const { channel: toFar } = await stage.connected([far]);
    const near = await stage.provider('near', { unaryCall: () => toFar.unary(change, request, { timeoutMs: 60_000 }) });
    const { channel } = await stage.connected([near]);
    const controller = new AbortController();
    const begun = performance.now();
    const failure = failureOf(channel.unary(change, request, { timeoutMs: 5000, signal: controller.signal }));
    await until('it is in work at the far end', () => gate.entered === 1);
    expect(deadlines[0]).toBeLessThanOrEqual(performance.now() + 5000);
    expect(deadlines[0]).toBeGreaterThan(begun);
    controller.abort();
    expect(await failure).toMatchObject({ code: 'CANCELLED' });
    await until('the far end hears', () => gate.signals[0]?.aborted === true);
    await until('nothing is left in work', () => near.server.dispatcher.inFlight === 0 || gate.entered === 1);
    gate.open();
  });
});

describe('code of the caller that throws', () => {
  it('fails its own call and no other', async () => {
    const one = await stage.provider('p1', {
      unaryCall: (_message, context) => (context.setTrailer('t', '1'), response),
    });
    const { channel } = await stage.connected([one]);
    const eligible = (): boolean => {
      throw new Error('eligible broke');
    };
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    expect(await failureOf(channel.unary(change, request, { eligible }))).toMatchObject({ message: 'eligible broke' });
    const onTrailers = (): void => {
      throw new Error('onTrailers broke');
    };
    await expect(channel.unary(change, request, { onTrailers })).resolves.toBeDefined();
    await expect(channel.unary(change, request)).resolves.toBeDefined();
    expect(warned).toHaveBeenCalledWith('onTrailers broke', expect.anything());
    warned.mockRestore();
  });

  it('is told of metadata that gRPC could not carry, by either way', async () => {
    const one = await stage.provider('p1', { unaryCall: () => response });
    const { channel } = await stage.connected([one]);
    for (const metadata of [{ größe: 'x' }, { authorization: 'Bearer x' }, { text: 'zwei\nZeilen' }]) {
      const failure = await failureOf(channel.unary(change, request, { metadata }));
      expect(failure).toMatchObject({ code: 'INVALID_METADATA', kind: 'invalid-argument' });
    }
    expect(one.calls).toEqual([]);
  });

  it('is told of a number that cannot be sent exactly, by either way', async () => {
    const one = await stage.provider('p1', { unaryCall: () => response });
    for (const [, capabilities] of WAYS) {
      const channel = stage.caller(new HeldResolver([one.instance({ capabilities })])).channel(SERVICE);
      const failure = await failureOf(channel.unary(change, { ...request, responseSize: 1.5 }));
      expect(failure).toMatchObject({ code: 'INVALID_REQUEST', violations: [{ field: 'responseSize' }] });
    }
    expect(one.calls).toEqual([]);
  });
});

describe('the end of a client', () => {
  it('fails calls on their way and later ones', async () => {
    const gate = new Gate();
    const { client, channel } = await stage.connected([await stage.provider('p1', { unaryCall: gate.handler })]);
    const failure = failureOf(channel.unary(change, request));
    await until('it is in work', () => gate.entered === 1);
    await client.close();
    expect(await failure).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(await failureOf(channel.unary(change, request))).toMatchObject({ code: 'NO_PROVIDER' });
    expect(() => client.channel(SERVICE)).toThrow('closed');
    await until('the provider hears', () => gate.signals[0]?.aborted === true);
  });

  it('moves no idempotent call to a connection that closes next', async () => {
    const gates = [new Gate(), new Gate()] as const;
    const providers = [
      await stage.provider('p1', { cacheableUnaryCall: gates[0].handler }),
      await stage.provider('p2', { cacheableUnaryCall: gates[1].handler }),
    ];
    const { client, channel } = await stage.connected(providers);
    const failure = failureOf(channel.unary(look, request));
    await until('it is in work', () => gates[0].entered + gates[1].entered === 1);
    await client.close();
    expect(await failure).toMatchObject({ kind: 'unavailable' });
    expect(gates[0].entered + gates[1].entered).toBe(1);
  });
});
