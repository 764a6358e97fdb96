import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { HeldResolver, until } from '@rookery/testkit';

import type { ActorRoute, ActorTarget } from '../src/client/actor-route.port.js';
import type { RpcClient, RpcClientOptions } from '../src/client/rpc-client.js';
import { MAX_ACTOR_PAYLOAD_BYTES, MAX_FRAME_BYTES } from '../src/link/protocol.js';
import type { ActorGateOptions, RpcServer, RpcServerOptions } from '../src/server/rpc-server.js';
import { change, type Provider, request, response, SERVICE, Stage } from './provider.js';
import { RecordedGate, RecordedRoute } from './recorded-actors.js';

const stage = new Stage();
afterEach(async () => {
  await stage.close();
  jest.restoreAllMocks();
});

const target: ActorTarget = { service: SERVICE, instanceId: 'p1', incarnation: 'first' };
/** A process of the same service, whose actors may send. */
const peer = { service: SERVICE, instanceId: 'p0', incarnation: 'only' };
const full = Buffer.alloc(MAX_ACTOR_PAYLOAD_BYTES);
const text = (frame: string): Uint8Array => Buffer.from(frame);

function provided(
  gate: RecordedGate,
  options: ActorGateOptions = {},
  rest: Partial<RpcServerOptions> = {},
): Promise<Provider> {
  // prettier-ignore
  const prepare = (server: RpcServer): void => server.takeActors(gate, options);
  return stage.provider('p1', { unaryCall: () => response }, { prepare, ...rest });
}

interface Routed {
  readonly client: RpcClient;
  readonly resolver: HeldResolver;
  readonly route: ActorRoute;
  readonly heard: RecordedRoute;
}

function routed(provider: Provider, options: Partial<RpcClientOptions> = {}): Routed {
  const resolver = new HeldResolver([provider.instance()]);
  const client = stage.caller(resolver, { self: peer, ...options });
  const heard = new RecordedRoute();
  return { client, resolver, route: client.actorRoute(target, heard), heard };
}

const isTold = (heard: RecordedRoute, what: string): Promise<void> =>
  until(`"${what}" is told`, () => heard.told.some((told) => told.startsWith(what)));
const whenUp = (heard: RecordedRoute): Promise<void> => isTold(heard, 'up');

describe('actor frames between two processes', () => {
  it('arrive in order beside calls, are told as taken, and are answered', async () => {
    const gate = new RecordedGate({ takesAtOnce: true });
    const { client, route, heard } = routed(await provided(gate));
    await whenUp(heard);
    const sent = Array.from({ length: 500 }, (_none, index) => `frame ${index}`);
    const calls = sent.map((frame) => {
      expect(route.send(text(frame))).toBe(true);
      return client.channel(SERVICE).unary(change, request);
    });
    await Promise.all(calls);
    await isTold(heard, 'taken 500');
    expect(gate.received).toEqual(sent);
    expect(gate.peers).toMatchObject([peer]);
    expect(heard.told.filter((told) => told.startsWith('taken')).length).toBeLessThan(100);
    gate.answer(text('thanks'));
    await isTold(heard, 'answered thanks');
  });

  it('arrive whole when they come faster than the way is', async () => {
    const gate = new RecordedGate({ takesAtOnce: true });
    const { route, heard } = routed(await provided(gate));
    let next = 0;
    const flood = (): void => {
      while (next < 1000 && route.send(Buffer.alloc(30_000 + next, next % 251))) next++;
    };
    heard.onWritable = flood;
    await whenUp(heard);
    flood();
    await until('all arrive', () => gate.received.length === 1000);
    expect(gate.fills).toEqual(Array.from({ length: 1000 }, (_none, index) => [30_000 + index, index % 251]));
  });

  it('that nobody takes stop at the credit, while calls go on', async () => {
    const gate = new RecordedGate();
    const { client, route, heard } = routed(await provided(gate, { creditBytes: 32 * MAX_FRAME_BYTES }));
    await whenUp(heard);
    let tries = 0;
    const flood = (): void => {
      while (route.send(full)) tries++;
    };
    heard.onWritable = flood;
    flood();
    await until('the credit is used up', () => gate.received.length === 32);
    for (let round = 0; round < 200; round++) {
      expect(route.send(full)).toBe(false);
      await client.channel(SERVICE).unary(change, request);
    }
    expect(tries).toBe(32);
    gate.take(8);
    await until('freed credit is used', () => gate.received.length === 40);
  });

  it('go by a fresh link after a cut', async () => {
    const gate = new RecordedGate({ takesAtOnce: true });
    const provider = await provided(gate);
    const { route, heard } = routed(provider);
    await whenUp(heard);
    route.send(text('before'));
    await isTold(heard, 'taken 1');
    provider.proxy.cut();
    await isTold(heard, 'down');
    expect(route.send(text('between'))).toBe(false);
    expect(route.room).toBe(0);
    await until('it is up again', () => heard.told.filter((told) => told === 'up').length === 2);
    route.send(text('after'));
    await until('it arrives', () => gate.received.length === 2);
    expect(gate.received).toEqual(['before', 'after']);
    expect(gate.endings).toEqual(['the caller is gone']);
  });

  it('wait silently for an instance that the registry does not list, and go when it does', async () => {
    const provider = await provided(new RecordedGate());
    const resolver = new HeldResolver([]);
    const client = stage.caller(resolver, { self: peer });
    const heard = new RecordedRoute();
    const route = client.actorRoute(target, heard);
    expect(route.send(text('early'))).toBe(false);
    resolver.list([provider.instance()]);
    await whenUp(heard);
    resolver.list([]);
    expect(route.send(text('still there'))).toBe(true);
    expect(heard.told).toEqual(['up']);
  });

  it('are not sent to a provider that takes none, which answers calls', async () => {
    const provider = await stage.provider('p1', { unaryCall: () => response });
    const { client, heard } = routed(provider);
    await client.channel(SERVICE).unary(change, request);
    expect(heard.told).toEqual([]);
  });

  it('go on when a listener throws', async () => {
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const gate = new RecordedGate({ takesAtOnce: true });
    const client = stage.caller(new HeldResolver([(await provided(gate)).instance()]), { self: peer });
    const heard = new RecordedRoute();
    const broken = new Proxy(heard, {
      get: (of, name: keyof RecordedRoute) => (name === 'onWritable' ? of.onWritable : (said: never) => {
        (of[name] as (said: never) => void)(said);
        throw new Error(String(name));
      }),
    }); // prettier-ignore
    const route = client.actorRoute(target, broken);
    await whenUp(heard);
    for (let frame = 1; frame <= 3; frame++) {
      route.send(text('x'));
      await isTold(heard, `taken ${frame}`);
    }
    expect(heard.told).toEqual(['up', 'taken 1', 'taken 2', 'taken 3']);
    expect(warned).toHaveBeenCalledTimes(4);
  });

  it('have one route to an incarnation, and another when that is closed', async () => {
    const gate = new RecordedGate();
    const { client, route, heard } = routed(await provided(gate));
    expect(() => client.actorRoute(target, heard)).toThrow('there is an actor route to p1/first already');
    await whenUp(heard);
    route.close();
    expect(route.send(text('x'))).toBe(false);
    const next = new RecordedRoute();
    client.actorRoute(target, next);
    await whenUp(next);
    expect(heard.told).toEqual(['up']);
  });

  it('end with the client', async () => {
    const { client, heard } = routed(await provided(new RecordedGate()));
    await whenUp(heard);
    await client.close();
    expect(heard.told).toEqual(['up', 'down: the client closed']);
  });

  it('follow an instance to another address', async () => {
    const gate = new RecordedGate();
    const provider = await provided(gate);
    const { resolver, route, heard } = routed(provider);
    await whenUp(heard);
    // Past the proxy.
    resolver.list([provider.instance({ endpoints: { grpc: { host: '127.0.0.1', port: provider.port, isSecure: false } } })]); // prettier-ignore
    await until('it is up again', () => heard.told.filter((told) => told === 'up').length === 2);
    expect(heard.told).toEqual(['up', 'down: no longer in the registry', 'up']);
    expect(route.send(text('here'))).toBe(true);
    await until('it arrives', () => gate.received.length === 1);
  });
});

describe('an incarnation', () => {
  it('is gone when the registry lists another one, and only then', async () => {
    const provider = await provided(new RecordedGate());
    const { client, resolver, route, heard } = routed(provider);
    await whenUp(heard);
    const second = provider.instance({ incarnation: 'second' });
    resolver.list([provider.instance(), second]);
    expect(heard.told).toEqual(['up']);
    resolver.list([second]);
    const reason = 'the registry lists another incarnation';
    expect(heard.told).toEqual(['up', `down: ${reason}`, `gone: ${reason}`]);
    expect(route.send(text('x'))).toBe(false);
    const late = new RecordedRoute();
    client.actorRoute(target, late);
    expect(late.told).toEqual([]);
    await isTold(late, `gone: ${reason}`);
  });

  it('is not gone by what an earlier process remembered, or by an entry that does not say which it is', async () => {
    const provider = await provided(new RecordedGate());
    const second = provider.instance({ incarnation: 'second' });
    const resolver = new HeldResolver([]);
    resolver.list([second], { source: 'disk' });
    const client = stage.caller(resolver, { self: peer });
    const heard = new RecordedRoute();
    client.actorRoute(target, heard);
    resolver.list([provider.instance({ incarnation: '' })]);
    await until('that one answers', () =>
      client
        .channel(SERVICE)
        .instances()
        .some(({ isUsable }) => isUsable),
    );
    expect(heard.told).toEqual([]);
    resolver.list([second]);
    expect(heard.told).toEqual(['gone: the registry lists another incarnation']);
  });

  it('that drains hands over until its server closes, and is gone then', async () => {
    const gate = new RecordedGate({ takesAtOnce: true });
    const provider = await provided(gate);
    const { client, resolver, route, heard } = routed(provider);
    await whenUp(heard);
    const states = () => client.channel(SERVICE).instances().map(({ state }) => state); // prettier-ignore
    provider.server.goodbye('it drains');
    await until('the goodbye is heard', () => states().includes('leaving'));
    resolver.list([]);
    expect(states()).toEqual([]);
    route.send(text('handed over'));
    await isTold(heard, 'taken 1');
    gate.answer(text('taken over'));
    await isTold(heard, 'answered taken over');
    await provider.server.drain(1000);
    await isTold(heard, 'gone');
    expect(heard.told.map((told) => told.split(':')[0])).toEqual(['up', 'taken 1', 'answered taken over', 'down', 'gone']); // prettier-ignore
    const late = new RecordedRoute();
    resolver.list([provider.instance()]);
    client.actorRoute(target, late);
    await isTold(late, 'gone: it said goodbye');
  });

  it('that drains keeps no link to a client that closes', async () => {
    const provider = await provided(new RecordedGate());
    const { client, resolver, heard } = routed(provider);
    await whenUp(heard);
    provider.server.goodbye('it drains');
    await until('the goodbye is heard', () => client.channel(SERVICE).instances()[0]?.state === 'leaving');
    resolver.list([]);
    await client.close();
    expect(heard.told).toEqual(['up', 'down: the client closed']);
    await until('the link ends', () => provider.server.openLinks === 0);
  });

  it('that refuses links because it drains is gone', async () => {
    const provider = await provided(new RecordedGate());
    provider.server.goodbye('it drains');
    const { heard } = routed(provider);
    await isTold(heard, 'gone');
    expect(heard.told).toHaveLength(1);
  });
});
