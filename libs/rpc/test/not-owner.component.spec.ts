import { afterEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';
import { HeldResolver, until } from '@rookery/testkit';

import { notOwner } from '../src/routing/not-owner.js';
import { change, failureOf, Gate, SERVICE, Stage, WAYS } from './provider.js';
import { about, expectOneHop, ownedBy, ownerAmong, reserve, Shop } from './shop.js';

const stage = new Stage();
afterEach(() => stage.close());

describe('an instance that is not the owner', () => {
  it.each(WAYS)('sends the call to the one it names, once and for free, over %s', async (_way, capabilities) => {
    const shop = new Shop(stage);
    const providers = await shop.three();
    const resolver = new HeldResolver(providers.map((each) => each.instance({ capabilities })));
    const channel = stage.caller(resolver).channel(SERVICE);
    const sku = ownedBy(providers[0], providers);
    shop.refusal = (id) => (id === 'p3' ? undefined : notOwner('p3', '2'));
    await channel.unary(reserve, about(sku));
    expect(shop.whoWasAsked(sku)).toEqual(['p1', 'p3']);
    // A caller that knows of no owners gets there as well.
    await channel.unary(change, about('any'));
    expect(shop.whoWasAsked('any').at(-1)).toBe('p3');
  });

  it('is asked again by and by while instances disagree, and the call ends when they agree', async () => {
    const shop = new Shop(stage);
    const providers = await shop.three();
    const { channel } = await stage.connected(providers);
    const sku = ownedBy(providers[0], providers);
    const others: Record<string, string> = { p1: 'p2', p2: 'p1' };
    let refusals = 0;
    shop.refusal = (id) => (++refusals > 7 ? undefined : notOwner(others[id] ?? '', '2'));
    await channel.unary(reserve, about(sku));
    expect(shop.whoWasAsked(sku).sort()).toEqual(['p1', 'p1', 'p1', 'p1', 'p2', 'p2', 'p2', 'p2']);
  });

  it('is followed by a stale caller until its list is right', async () => {
    const shop = new Shop(stage);
    const [one, two, three] = await shop.three();
    const { channel, resolver } = await stage.connected([one, two]);
    const all = [one, two, three];
    const sku = ownedBy(three, all);
    shop.refusal = (id, asked) => {
      const owner = ownerAmong(all, asked).id;
      return owner === id ? undefined : notOwner(owner, '3');
    };
    // Its owner is not known here yet, so nobody takes it.
    const call = channel.unary(reserve, about(sku));
    await until('it was refused', () => shop.whoWasAsked(sku).length > 0);
    resolver.list(all.map((each) => each.instance()));
    await call;
    expect(shop.whoWasAsked(sku).at(-1)).toBe('p3');
    await until('all are usable', () => channel.instances().every((each) => each.isUsable));
    shop.asked.forEach((skus) => skus.splice(0));
    await expectOneHop(channel, shop, all);
  });

  it('is the reason when no time is left to ask again, and never the word that the caller hears', async () => {
    const shop = new Shop(stage);
    const { channel } = await stage.connected(await shop.three());
    const { message, kind, metadata } = notOwner('p9', '2');
    shop.refusal = () => new DomainError('NOT_OWNER', message, { kind, metadata, retryAfterMs: 60_000 });
    const failure = await failureOf(channel.unary(reserve, about('SKU-1')));
    const cause: unknown = expect.objectContaining({ code: 'NOT_OWNER', metadata: { owner: 'p9', topology: '2' } });
    expect(failure).toMatchObject({ code: 'NO_OWNER', kind: 'unavailable', metadata: { service: SERVICE }, cause });
    expect(shop.whoWasAsked('SKU-1')).toHaveLength(1);
  });

  it('stands behind a deadline that ends a later attempt', async () => {
    const gate = new Gate();
    const refuse = (): never => {
      throw notOwner('p2', '2');
    };
    const providers = [
      await stage.provider('p1', { unaryCall: refuse }),
      await stage.provider('p2', { unaryCall: gate.handler }),
    ] as const;
    const { channel } = await stage.connected(providers);
    const sku = ownedBy(providers[0], providers);
    const failure = failureOf(channel.unary(reserve, about(sku), { timeoutMs: 3000 }));
    await until('the named owner is asked', () => gate.entered === 1);
    expect(await failure).toMatchObject({ code: 'DEADLINE_EXCEEDED', cause: { code: 'NO_OWNER' } });
    gate.open();
  });
});
