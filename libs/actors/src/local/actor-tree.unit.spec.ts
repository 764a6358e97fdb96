import { describe, expect, it } from '@jest/globals';
import { gate, type Script, scripted } from '../../test/scripted.js';
import { createTestSystem } from '../testing/index.js';

describe('the tree of actors', () => {
  it('shows paths, states, mailboxes, restarts and children as plain data', async () => {
    const { settle, system } = createTestSystem();
    const { promise } = gate();
    const shop = system.spawnNamed(scripted(), 'shop');
    const fail: Script = () => {
      throw new Error('no');
    };
    system.tell(shop, fail);
    system.tell(shop, (context) => {
      const cart = context.spawnNamed(scripted(), 'cart');
      context.tell(cart, () => promise);
      context.tell(cart, () => undefined);
    });
    const failed = system.spawnNamed(scripted().withGuardian({ handle: () => undefined }), 'failed');
    system.tell(failed, fail);
    await settle();
    const { roots, ...counts } = system.tree();
    expect(counts).toEqual({ actorCount: 3, rootCount: 2 });
    const common = { isBusy: false, mailboxLength: 0, restarts: 0, childCount: 0, children: [] };
    expect(roots).toEqual([
      {
        ...common,
        id: 'shop',
        incarnation: shop.incarnation,
        state: 'running',
        restarts: 1,
        childCount: 1,
        children: [
          {
            ...common,
            id: 'shop/cart',
            incarnation: expect.any(Number),
            state: 'running',
            isBusy: true,
            mailboxLength: 1,
          },
        ],
      },
      { ...common, id: 'failed', incarnation: failed.incarnation, state: 'failed' },
    ]);
    expect(JSON.parse(JSON.stringify(roots))).toEqual(roots);
  });

  it('shows the part under one actor', async () => {
    const { settle, system } = createTestSystem();
    system.tell(system.spawnNamed(scripted(), 'a'), (context) => void context.spawnNamed(scripted(), 'b'));
    await settle();
    expect(system.tree({ under: 'a/b' }).roots).toMatchObject([{ id: 'a/b' }]);
    expect(system.tree({ under: 'nobody' }).roots).toEqual([]);
  });

  it('shows no more than its limit, those nearest to the root first, however many there are', async () => {
    const { settle, system } = createTestSystem();
    for (const name of ['a', 'b']) {
      system.tell(system.spawnNamed(scripted(), name), (context) => {
        for (let number = 0; number < 2000; number++) context.spawn(scripted());
      });
    }
    await settle();
    const { actorCount, rootCount, roots } = system.tree({ limit: 5 });
    expect([actorCount, rootCount]).toEqual([4002, 2]);
    expect(roots.map(({ childCount, children, id }) => [id, childCount, children.length])).toEqual([
      ['a', 2000, 3],
      ['b', 2000, 0],
    ]);
    expect(system.tree().roots.flatMap(({ children }) => children)).toHaveLength(998);
  });
});
