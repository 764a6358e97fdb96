import { afterEach, describe, expect, it } from '@jest/globals';
import { describedInstance, HeldResolver, until } from '@rookery/testkit';

import { change, failureOf, Gate, look, request, response, SERVICE, Stage, WAYS } from './provider.js';
import { RecordingObserver } from './recording-observer.js';

const stage = new Stage();
afterEach(() => stage.close());

describe.each(WAYS)('a call over %s that loses its connection', (_way, capabilities) => {
  const setUp = async () => {
    const [one, other] = [new Gate(), new Gate()];
    const providers = [
      await stage.provider('p1', { cacheableUnaryCall: one.handler, unaryCall: one.handler }),
      await stage.provider('p2', { cacheableUnaryCall: other.handler, unaryCall: other.handler }),
    ] as const;
    const resolver = new HeldResolver(providers.map((each) => each.instance({ capabilities })));
    const channel = stage.caller(resolver).channel(SERVICE);
    await until('both are usable', () => channel.instances().every((each) => each.isUsable));
    return { gates: [one, other] as const, providers, channel };
  };

  it('is made again elsewhere when it is idempotent', async () => {
    const { gates, providers, channel } = await setUp();
    const call = channel.unary(look, request);
    await until('it is in work', () => gates[0].entered + gates[1].entered === 1);
    const [first, second] = gates[0].entered === 1 ? ([0, 1] as const) : ([1, 0] as const);
    providers[first].proxy.cut();
    await until('it is in work elsewhere', () => gates[second].entered === 1);
    gates[second].open();
    await expect(call).resolves.toBeDefined();
    await until('the first was told', () => gates[first].signals[0]?.aborted === true);
    expect(gates[first].entered).toBe(1);
  });

  it('is never made again when it is not, and says that its outcome is unknown', async () => {
    const { gates, providers, channel } = await setUp();
    const call = channel.unary(change, request);
    const failure = failureOf(call);
    await until('it is in work', () => gates[0].entered + gates[1].entered === 1);
    for (const { proxy } of providers) proxy.cut();
    // What broke it is for the local log: it may hold the words of sockets and of OpenSSL.
    const message = expect.stringMatching(/^the connection was lost \(it broke\): whether \S+ ran is unknown$/);
    expect(await failure).toMatchObject({ code: 'OUTCOME_UNKNOWN', kind: 'unavailable', message });
    expect(gates[0].entered + gates[1].entered).toBe(1);
  });
});

describe('a call that was refused before it started', () => {
  it('goes elsewhere, whatever the method, when a plain gRPC server is not there', async () => {
    const alive = await stage.provider('p1', { unaryCall: () => response });
    const dead = await stage.provider('p2', {});
    await dead.proxy.close();
    const observer = new RecordingObserver();
    const resolver = new HeldResolver([alive, dead].map((each) => describedInstance(each.id, each === alive ? alive.proxy.port : 1, { capabilities: [] }))); // prettier-ignore
    const channel = stage.caller(resolver, { observer }).channel(SERVICE);
    for (let round = 0; round < 20; round++) await channel.unary(change, request);
    expect(alive.calls).toHaveLength(20);
    expect(observer.caller.some((record) => record.target?.instanceId === 'p2')).toBe(true);
  });

  it('goes elsewhere when an instance is at its limit, and fails as RESOURCE_EXHAUSTED when all are', async () => {
    const [one, other] = [new Gate(), new Gate()];
    const providers = [
      await stage.provider('p1', { unaryCall: one.handler }, { concurrencyLimit: 1 }),
      await stage.provider('p2', { unaryCall: other.handler }, { concurrencyLimit: 3 }),
    ];
    const { channel } = await stage.connected(providers);
    const calls = Array.from({ length: 4 }, () => channel.unary(change, request));
    await until('all four are in work', () => one.entered + other.entered === 4);
    expect([one.entered, other.entered]).toEqual([1, 3]);
    const failure = await failureOf(channel.unary(change, request));
    expect(failure).toMatchObject({ code: 'OVERLOADED', kind: 'resource-exhausted' });
    expect(one.entered + other.entered).toBe(4);
    one.open();
    other.open();
    await Promise.all(calls);
  });

  it('is not a failure of the instance when the caller’s time was up on arrival', async () => {
    const observer = new RecordingObserver();
    const { channel } = await stage.connected([await stage.provider('p1', { unaryCall: () => response })], {
      observer,
    });
    const failure = await failureOf(channel.unary(change, request, { timeoutMs: 0 }));
    expect(failure).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(observer.caller).toEqual([]);
  });
});

describe('a provider that leaves', () => {
  it('under traffic costs no call, and is not met again under the same incarnation', async () => {
    const providers = [
      await stage.provider('p1', { unaryCall: () => response }),
      await stage.provider('p2', { unaryCall: () => response }),
    ] as const;
    const { channel, resolver } = await stage.connected(providers);
    const flow = { isOver: false };
    let done = 0;
    const traffic = Array.from({ length: 16 }, async () => {
      for (; !flow.isOver; done++) await channel.unary(change, request);
    });
    await until('traffic flows', () => done > 200);
    const cut = await providers[0].server.drain(5000);
    const before = done;
    await until('traffic goes on', () => done > before + 200);
    flow.isOver = true;
    await Promise.all(traffic);
    expect(cut).toBe(0);
    // The registry has not heard, or says something new of the same incarnation.
    resolver.list([providers[0].instance({ weight: 50 }), providers[1].instance()]);
    resolver.list([providers[1].instance()]);
    resolver.list([providers[0].instance(), providers[1].instance()]);
    const usable = channel.instances().filter((each) => each.isUsable);
    expect(usable.map((each) => each.instance.id)).toEqual(['p2']);
    // Its next incarnation is another matter.
    const self = { service: SERVICE, instanceId: 'p1', incarnation: 'second' };
    const reborn = await stage.provider('p1', { unaryCall: () => response }, { self });
    resolver.list([reborn.instance({ incarnation: 'second' }), providers[1].instance()]);
    await until('it is usable', () => channel.instances().filter((each) => each.isUsable).length === 2);
  });

  it('refuses further links from its goodbye on', async () => {
    const one = await stage.provider('p1', { unaryCall: () => response });
    one.server.goodbye('the instance stops');
    const channel = stage.caller(new HeldResolver([one.instance()])).channel(SERVICE);
    expect(await failureOf(channel.unary(change, request))).toMatchObject({ code: 'NO_PROVIDER' });
    expect(channel.instances()).toMatchObject([{ state: 'leaving', isUsable: false }]);
  });

  it('keeps its calls in work to their end', async () => {
    const gate = new Gate();
    const one = await stage.provider('p1', { unaryCall: gate.handler });
    const { channel } = await stage.connected([one]);
    const call = channel.unary(change, request);
    await until('it is in work', () => gate.entered === 1);
    const drained = one.server.drain(5000);
    gate.open();
    await expect(call).resolves.toBeDefined();
    expect(await drained).toBe(0);
  });
});

describe('what the registry says', () => {
  it('of a weight changes no connection', async () => {
    const observer = new RecordingObserver();
    const one = await stage.provider('p1', { unaryCall: () => response });
    const { channel, resolver } = await stage.connected([one], { observer });
    resolver.list([one.instance({ weight: 7 })]);
    expect(channel.instances()).toMatchObject([{ isUsable: true, instance: { weight: 7 } }]);
    await channel.unary(change, request);
    expect(observer.connections).toEqual(['p1 ready']);
  });

  it('when it forgets all ends no working link, but maintenance takes an instance out', async () => {
    const one = await stage.provider('p1', { unaryCall: () => response });
    const { channel, resolver } = await stage.connected([one]);
    resolver.list([]);
    await channel.unary(change, request);
    resolver.list([], { outOfRotation: ['p1'] });
    expect(await failureOf(channel.unary(change, request))).toMatchObject({ code: 'NO_PROVIDER' });
    resolver.list([one.instance()]);
    await channel.unary(change, request);
  });

  it('is not believed when another instance answers at the address', async () => {
    const real = await stage.provider('p2', { unaryCall: () => response });
    const stale = real.instance({ id: 'p1' });
    const resolver = new HeldResolver([stale]);
    const channel = stage.caller(resolver).channel(SERVICE);
    expect(await failureOf(channel.unary(change, request))).toMatchObject({ code: 'NO_PROVIDER' });
    resolver.list([stale, real.instance()]);
    await channel.unary(change, request);
    expect(channel.instances().map((each) => each.isUsable)).toEqual([false, true]);
    expect(real.calls).toHaveLength(1);
  });

  it('that it knows nothing yet is waited for, within the deadline and the caller’s interest', async () => {
    const one = await stage.provider('p1', { unaryCall: () => response });
    const resolver = new HeldResolver();
    const channel = stage.caller(resolver).channel(SERVICE);
    const parked = channel.unary(change, request);
    const short = failureOf(channel.unary(change, request, { timeoutMs: 20 }));
    const controller = new AbortController();
    const given = failureOf(channel.unary(change, request, { signal: controller.signal }));
    controller.abort();
    expect(await short).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(await given).toMatchObject({ code: 'CANCELLED' });
    resolver.list([one.instance()]);
    await expect(parked).resolves.toBeDefined();
    expect(one.calls).toHaveLength(1);
  });

  it('that there is nobody is told at once, with a pause to ask again after', async () => {
    const observer = new RecordingObserver();
    const channel = stage.caller(new HeldResolver([]), { observer }).channel(SERVICE);
    const failure = await failureOf(channel.unary(change, request));
    expect(failure).toMatchObject({ code: 'NO_PROVIDER', kind: 'unavailable', retryAfterMs: 1000 });
    // The observer is told of the service alone: no instance was asked.
    expect(observer.caller).toMatchObject([
      { code: 14, target: { service: SERVICE, instanceId: '', incarnation: '' } },
    ]);
  });
});
