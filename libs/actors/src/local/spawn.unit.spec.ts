import { describe, expect, it } from '@jest/globals';
import { scripted } from '../../test/scripted.js';
import { createTestSystem, TestProbe } from '../testing/index.js';
import { type DeadLetter, NameTakenError, Pid } from '../index.js';

describe('spawning', () => {
  it('names an actor as it is told, by a prefix, or by itself', () => {
    const { system } = createTestSystem();
    expect(system.spawnNamed(scripted(), 'cart').id).toBe('cart');
    expect(system.spawnPrefixed(scripted(), 'cart').id).toMatch(/^cart\$\w+$/);
    expect(system.spawn(scripted()).id).toMatch(/^\$\w+$/);
  });

  it('puts children under the path of their parent', async () => {
    const { settle, system } = createTestSystem();
    const ids: unknown[] = [];
    system.tell(system.spawnNamed(scripted(), 'shop'), (context) => {
      const cart = context.spawnNamed(scripted(), 'cart');
      ids.push(cart.id, context.children, context.parent);
      context.tell(cart, ({ parent }) => void ids.push(parent?.id));
    });
    await settle();
    expect(ids).toEqual(['shop/cart', [expect.objectContaining({ id: 'shop/cart' })], undefined, 'shop']);
  });

  it('refuses a name that is taken, and says who has it', () => {
    const { system } = createTestSystem();
    const first = system.spawnNamed(scripted(), 'cart');
    let refusal: unknown;
    try {
      system.spawnNamed(scripted(), 'cart');
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(NameTakenError);
    expect(refusal).toMatchObject({ code: 'NAME_TAKEN', kind: 'already-exists' });
    expect((refusal as NameTakenError).existing).toBe(first);
  });

  it.each(['', 'a/b', '$1', 'a b', 'x'.repeat(129)])('refuses "%s" as a name', (name) => {
    const { system } = createTestSystem();
    expect(() => system.spawnNamed(scripted(), name)).toThrow(expect.objectContaining({ code: 'NAME_INVALID' }));
  });

  it('gives a name that is free again to another actor, with another Pid', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const letters: DeadLetter[] = [];
    const first = system.spawnNamed(scripted(notes, 'first '), 'cart');
    system.stop(first);
    await settle();
    system.events.subscribeAll((letter) => letters.push(letter as DeadLetter));
    const second = system.spawnNamed(scripted(notes, 'second '), 'cart');
    expect(second.equals(first)).toBe(false);
    expect(second.incarnation).toBeGreaterThan(first.incarnation);
    system.tell(first, 'for the first');
    await settle();
    expect(notes).not.toContain('second for the first');
    expect(letters).toMatchObject([{ target: first, message: 'for the first', reason: 'stopped' }]);
  });
});

describe('a Pid', () => {
  it('holds address, id and incarnation, and no way to the actor', () => {
    const { system } = createTestSystem({ address: 'shop-1' });
    const pid = system.spawnNamed(scripted(), 'cart');
    expect(Object.keys(pid).sort()).toEqual(['address', 'id', 'incarnation']);
    expect(pid).toMatchObject({ address: 'shop-1', id: 'cart' });
    expect(pid.toString()).toBe(`shop-1/cart#${pid.incarnation}`);
  });

  it('works when it was put together from its parts', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const { address, id, incarnation } = system.spawnNamed(scripted(notes), 'cart');
    const copy = new Pid<string>(address, id, incarnation);
    system.tell(copy, 'hello');
    await settle();
    system.tell(copy, 'again');
    await settle();
    expect(notes).toEqual(['made', 'Started', 'hello', 'again']);
  });

  it('answers an ask when it was put together from its parts, while the ask waits', async () => {
    const { settle, system } = createTestSystem();
    const copies: Pid[] = [];
    const pid = system.spawn(scripted());
    const answer = system.ask(pid, ({ sender }) => {
      if (sender !== undefined) copies.push(new Pid(sender.address, sender.id, sender.incarnation));
    });
    await settle();
    for (const copy of copies) system.tell(copy, 'here');
    await expect(answer).resolves.toBe('here');
    for (const { address, id, incarnation } of copies) system.tell(new Pid(address, id, incarnation), 'too late');
    await settle();
  });

  it('of an earlier actor does not reach a later one by its parts', async () => {
    const { settle, system } = createTestSystem();
    const letters: unknown[] = [];
    system.events.subscribeAll((letter) => letters.push((letter as DeadLetter).reason));
    const { address, id, incarnation } = system.spawnNamed(scripted(), 'cart');
    system.tell(new Pid<string>(address, id, incarnation + 1), 'hello');
    await settle();
    expect(letters).toEqual(['not-found']);
  });

  it('of another system reaches nobody here, also when both have one address and count alike', async () => {
    const here = createTestSystem();
    const there = createTestSystem();
    const notes: string[] = [];
    const letters: unknown[] = [];
    here.system.events.subscribeAll((letter) => letters.push((letter as DeadLetter).reason));
    here.system.spawnNamed(scripted(notes), 'cart');
    const foreign = there.system.spawnNamed(scripted(), 'cart');
    here.system.tell(foreign, 'hello');
    await here.settle();
    expect(letters).toEqual(['not-found']);
    expect(notes).toEqual(['made', 'Started']);
    expect(here.system.backlogOf(foreign)).toBe(0);
  });

  it('of an actor that watches another system is told of the end at once', async () => {
    const here = createTestSystem({ address: 'here' });
    const there = createTestSystem({ address: 'there' });
    const probe = new TestProbe(here.system);
    await here.settle();
    probe.watch(there.system.spawn(scripted()));
    await here.settle();
    expect(probe.next()).toMatchObject({ type: 'Terminated', reason: 'not-found' });
  });
});
