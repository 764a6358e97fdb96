import { afterEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';
import { HeldResolver, until } from '@rookery/testkit';

import { balancerNames } from '../src/balancing/create-balancer.js';
import { grainCapability } from '../src/routing/owners.js';
import { change, failureOf, Gate, SERVICE, Stage, WAYS } from './provider.js';
import { RecordingObserver } from './recording-observer.js';
import { about, count, expectOneHop, KIND, ownedBy, ownerAmong, reserve, routingKey, Shop } from './shop.js';

const stage = new Stage();
afterEach(() => stage.close());

describe('a call by routing key', () => {
  it.each(balancerNames)('reaches its owner in one hop under %s, and no other call is bound to it', async (name) => {
    const shop = new Shop(stage);
    const providers = await shop.three();
    const { channel } = await stage.connected(providers, { balancers: { [SERVICE]: name } });
    await expectOneHop(channel, shop, providers);
    for (let round = 0; round < 60; round++) await channel.unary(change, about('any'));
    expect(new Set(shop.whoWasAsked('any')).size).toBeGreaterThan(1);
  });

  it.each(WAYS)('reaches its owner over %s', async (_way, capabilities) => {
    const shop = new Shop(stage);
    const providers = await shop.three();
    const resolver = new HeldResolver(providers.map((each) => each.instance({ capabilities })));
    await expectOneHop(stage.caller(resolver).channel(SERVICE), shop, providers);
  });

  it('goes to the hosts of its grains alone, where instances say that they are', async () => {
    const shop = new Shop(stage);
    const [one, two, three] = await shop.three();
    const capabilities = ['link', grainCapability(KIND)];
    const resolver = new HeldResolver([
      one.instance({ capabilities }),
      two.instance({ capabilities }),
      three.instance(),
    ]);
    await expectOneHop(stage.caller(resolver).channel(SERVICE), shop, [one, two]);
  });

  it('goes to the owner that fails, too, and is tried there again', async () => {
    const shop = new Shop(stage);
    const providers = await shop.three();
    const { channel } = await stage.connected(providers);
    shop.refusal = () => new DomainError('DOWN', 'not now', { kind: 'unavailable' });
    const sku = ownedBy(providers[1], providers);
    expect(await failureOf(channel.unary(count, about(sku)))).toMatchObject({ code: 'DOWN' });
    expect(shop.whoWasAsked(sku)).toEqual(['p2', 'p2', 'p2']);
  });

  it('may be asked for by the caller where the contract names no field', async () => {
    const shop = new Shop(stage);
    const providers = await shop.three();
    const { channel } = await stage.connected(providers);
    for (let round = 0; round < 20; round++) await channel.unary(change, about('any'), { routingKey: 'basket-7' });
    expect(new Set(shop.whoWasAsked('any'))).toEqual(new Set([ownerAmong(providers, 'basket-7').id]));
  });

  it('is not sent when its key is empty', async () => {
    const shop = new Shop(stage);
    const { channel } = await stage.connected(await shop.three());
    const failure = await failureOf(channel.unary(reserve, about('')));
    expect(failure).toMatchObject({ code: 'INVALID_REQUEST', violations: [{ field: routingKey }] });
    expect(shop.whoWasAsked('')).toEqual([]);
  });
});

describe('an owner that leaves', () => {
  it('hands its keys to others in one hop, and nobody else’s move', async () => {
    const shop = new Shop(stage);
    const [one, two, three] = await shop.three();
    const { channel, resolver } = await stage.connected([one, two, three]);
    await one.server.drain(5000);
    await until('its goodbye is known', () => channel.instances().some(({ state }) => state === 'leaving'));
    await expectOneHop(channel, shop, [two, three]);
    resolver.list([two.instance(), three.instance()], { outOfRotation: [two.id] });
    shop.asked.forEach((skus) => skus.splice(0));
    await expectOneHop(channel, shop, [three]);
  });

  it('costs no call under traffic', async () => {
    const shop = new Shop(stage);
    const providers = await shop.three();
    const { channel } = await stage.connected(providers);
    const flow = { isOver: false, done: 0 };
    const traffic = Array.from({ length: 16 }, async (_, lane) => {
      for (let round = lane; !flow.isOver; round += 16) {
        await channel.unary(reserve, about(`SKU-${round % 300}`));
        flow.done++;
      }
    });
    await until('traffic flows', () => flow.done > 200);
    await providers[0].server.drain(5000);
    const before = flow.done;
    await until('traffic goes on', () => flow.done > before + 200);
    flow.isOver = true;
    await Promise.all(traffic);
  });
});

describe('an owner that cannot be reached', () => {
  it('is waited for, and asked when it is back', async () => {
    const shop = new Shop(stage);
    const providers = await shop.three();
    const observer = new RecordingObserver();
    const { channel } = await stage.connected(providers, { observer });
    const sku = ownedBy(providers[0], providers);
    let call: Promise<unknown> | undefined;
    channel.onChange(() => {
      if (observer.connections.at(-1) === 'p1 down') call ??= channel.unary(reserve, about(sku));
    });
    providers[0].proxy.cut();
    await until('it was called while its link was down', () => call !== undefined);
    await call;
    expect(shop.whoWasAsked(sku)).toEqual(['p1']);
  });

  it('fails the call with its name after a while, and is not replaced', async () => {
    const shop = new Shop(stage);
    const providers = await shop.three();
    const observer = new RecordingObserver();
    const { channel } = await stage.connected(providers, { observer });
    const sku = ownedBy(providers[0], providers);
    await providers[0].proxy.close();
    await until('its link is down', () => channel.instances().some((each) => !each.isUsable));
    const metadata = { owner: 'p1', service: SERVICE };
    const message = `p1, which owns ${KIND}/${sku}, cannot be reached`;
    const lost = { code: 'NO_PROVIDER', kind: 'unavailable', message, metadata };
    expect(await failureOf(channel.unary(reserve, about(sku)))).toMatchObject(lost);
    expect(await failureOf(channel.unary(reserve, about(sku), { timeoutMs: 50 }))).toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      cause: lost,
    });
    expect(shop.whoWasAsked(sku)).toEqual([]);
    expect(observer.caller.map(({ code, target }) => [code, target?.instanceId])).toEqual([
      [14, ''],
      [4, ''],
    ]);
    // Calls of other owners, and calls without one, go on.
    await channel.unary(reserve, about(ownedBy(providers[1], providers)));
    await channel.unary(change, about('any'));
  });

  it('gives way to the next one when the registry drops it', async () => {
    const shop = new Shop(stage);
    const [one, two, three] = await shop.three();
    const { channel, resolver } = await stage.connected([one, two, three]);
    const sku = ownedBy(one, [one, two, three]);
    await one.proxy.close();
    await until('its link is down', () => channel.instances().some((each) => !each.isUsable));
    const call = channel.unary(reserve, about(sku));
    resolver.list([two.instance(), three.instance()]);
    await call;
    expect(shop.whoWasAsked(sku)).toEqual([ownerAmong([two, three], sku).id]);
  });

  it('fails the call at once where it does not serve it', async () => {
    const shop = new Shop(stage);
    const providers = await shop.three();
    const { channel } = await stage.connected(providers);
    const sku = ownedBy(providers[0], providers);
    const eligible = ({ id }: { id: string }): boolean => id !== 'p1';
    const failure = await failureOf(channel.unary(reserve, about(sku), { eligible }));
    const message = `p1, which owns ${KIND}/${sku}, does not serve this call`;
    expect(failure).toMatchObject({ code: 'NO_PROVIDER', message });
  });

  it('keeps what is in work there, though the method is idempotent', async () => {
    const gates = [new Gate(), new Gate()] as const;
    const providers = [
      await stage.provider('p1', { cacheableUnaryCall: gates[0].handler }),
      await stage.provider('p2', { cacheableUnaryCall: gates[1].handler }),
    ] as const;
    const { channel } = await stage.connected(providers);
    const call = channel.unary(count, about(ownedBy(providers[0], providers)));
    await until('it is in work', () => gates[0].entered === 1);
    providers[0].proxy.stall();
    await until('it is suspected', () => channel.instances().some(({ state }) => state === 'suspect'));
    gates[0].open();
    providers[0].proxy.resume();
    await call;
    expect([gates[0].entered, gates[1].entered]).toEqual([1, 0]);
  });
});
