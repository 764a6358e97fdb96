import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';
import { SeededRandom } from '@rookery/runtime/testing';
import { gate, type Script, scripted } from '../../test/scripted.js';
import { createTestSystem, TestProbe } from '../testing/index.js';
import {
  boundedMailbox,
  broadcast,
  consistentHash,
  DeadLetter,
  type Pid,
  Props,
  randomly,
  type Received,
  roundRobin,
  routerGroup,
  routerPool,
  RoutingFailed,
  type RoutingStrategy,
  smallestMailbox,
} from '../index.js';

async function group(strategy: () => RoutingStrategy, size = 3) {
  const kit = createTestSystem();
  const probes = Array.from({ length: size }, (_, number) => new TestProbe<string>(kit.system, `r${number}`));
  const router = kit.system.spawn(
    routerGroup(
      probes.map(({ pid }) => pid),
      strategy,
    ),
  );
  await kit.settle();
  const say = async (...words: string[]): Promise<unknown[][]> => {
    for (const word of words) kit.system.tell(router, word);
    await kit.settle();
    return probes.map((probe) => probe.all().filter((message) => typeof message === 'string'));
  };
  return { ...kit, probes, router, say };
}

describe('a router', () => {
  it('goes round', async () => {
    const { say } = await group(roundRobin());
    expect(await say('a', 'b', 'c', 'd')).toEqual([['a', 'd'], ['b'], ['c']]);
  });

  it('chooses at random, about evenly', async () => {
    const { say } = await group(randomly(new SeededRandom(7)));
    const heard = await say(...Array.from({ length: 300 }, (_, number) => `m${number}`));
    for (const one of heard) expect(one.length).toBeGreaterThan(60);
    expect(heard.flat()).toHaveLength(300);
  });

  it('tells all', async () => {
    const { say } = await group(broadcast());
    expect(await say('a')).toEqual([['a'], ['a'], ['a']]);
  });

  it('sends equal keys to one routee, and moves few of them when one goes', async () => {
    const { probes, router, say, system } = await group(
      consistentHash((word: string) => word.split(':')[0] ?? ''),
      4,
    );
    const words = Array.from({ length: 200 }, (_, number) => `key${number}:x`);
    const before = await say(...words);
    for (const [place, heard] of (await say(...words)).entries()) expect(heard).toEqual(before[place]);
    for (const heard of before) expect(heard.length).toBeGreaterThan(20);
    const [gone] = probes;
    if (gone !== undefined) system.tell(router, { type: 'RemoveRoutee', routee: gone.pid });
    const after = await say(...words);
    for (const place of [1, 2, 3]) expect(after[place]).toEqual(expect.arrayContaining(before[place] ?? []));
    expect(after[0]).toEqual([]);
  });

  it('prefers the smallest mailbox', async () => {
    const { settle, system } = createTestSystem();
    const { open, promise } = gate();
    const notes: string[] = [];
    const [busy, free] = ['busy ', 'free '].map((name) => system.spawn(scripted(notes, name)));
    if (busy === undefined || free === undefined) throw new Error('spawned two');
    system.tell(busy, () => promise);
    system.tell(busy, 'waits');
    await settle();
    const router = system.spawn(routerGroup<Script | string>([busy, free], smallestMailbox()));
    system.tell(router, 'quick');
    await settle();
    expect(notes.at(-1)).toBe('free quick');
    open();
    await settle();
  });

  it('passes the sender on, so that who asks is answered by a routee', async () => {
    const { settle, system } = createTestSystem();
    const doubler = Props.fromFunction((message: Received<number>, context) => {
      if (typeof message === 'number') context.reply(2 * message);
    });
    const router = system.spawn(routerPool(2, doubler, roundRobin()));
    const answers = [1, 2, 3].map((number) => system.ask(router, number));
    await settle();
    await expect(Promise.all(answers)).resolves.toEqual([2, 4, 6]);
  });

  it('is told of routees, gives them, and tells all of them something', async () => {
    const { probes, router, say, settle, system } = await group(roundRobin(), 1);
    const added = new TestProbe<string>(system, 'added');
    await settle();
    for (let twice = 0; twice < 2; twice++) system.tell(router, { type: 'AddRoutee', routee: added.pid });
    system.tell(router, { type: 'Broadcast', message: 'all' });
    const routees: Promise<readonly Pid<string>[]> = system.ask(router, { type: 'GetRoutees' });
    expect(await say()).toEqual([['all']]);
    expect(added.all()).toEqual(['all']);
    await expect(routees).resolves.toEqual([probes[0]?.pid, added.pid]);
  });

  it('keeps to itself that its answer was rejected', async () => {
    const { settle, system } = createTestSystem();
    const { open, promise } = gate();
    const heard: string[] = [];
    const router = system.spawn(routerPool(1, scripted(heard), roundRobin()));
    const full = system.spawn(scripted().withMailbox(boundedMailbox(1)));
    system.tell(full, (context) => {
      context.tell(router, { type: 'GetRoutees' });
      context.tell(context.self, () => undefined);
      return promise;
    });
    await settle();
    open();
    await settle();
    expect(heard).toEqual(['made', 'Started']);
  });

  it('of a group leaves out what has ended, and makes dead letters when nobody is left', async () => {
    const { probes, router, settle, say, system } = await group(roundRobin(), 2);
    const letters: unknown[] = [];
    system.events.subscribe(DeadLetter, ({ message }) => letters.push(message));
    const [first, second] = probes;
    if (first === undefined || second === undefined) throw new Error('there are two');
    system.stop(first.pid);
    await settle();
    expect(await say('a', 'b')).toEqual([[], ['a', 'b']]);
    system.stop(second.pid);
    await settle();
    await say('c');
    expect(letters).toEqual(['c']);
    const refused = expect(system.ask(router, 'd')).rejects.toMatchObject({ code: 'TARGET_NOT_FOUND' });
    await settle();
    await refused;
  });

  it('of a pool supervises its routees, and ends with the last of them', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const router = system.spawnNamed(routerPool(2, scripted(notes), roundRobin()), 'pool');
    system.tell(router, () => {
      throw new Error('no');
    });
    await settle();
    expect(notes.filter((note) => note === 'made')).toHaveLength(3);
    const routees = system.ask(router, { type: 'GetRoutees' });
    await settle();
    for (const routee of await routees) system.stop(routee);
    await settle();
    expect(system.find('pool')).toBeUndefined();
  });

  it('of a pool ends a routee that is taken out, when that has done its work', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const router = system.spawnNamed(routerPool(2, scripted(notes), roundRobin()), 'pool');
    const routees = system.ask(router, { type: 'GetRoutees' });
    await settle();
    const [first] = await routees;
    if (first === undefined) throw new Error('a pool has routees');
    system.tell(router, 'work');
    system.tell(router, { type: 'RemoveRoutee', routee: first });
    await settle();
    expect(notes).toEqual(['made', 'Started', 'made', 'Started', 'work', 'Stopping', 'Stopped']);
    expect(system.tree({ under: 'pool' }).roots[0]?.childCount).toBe(1);
  });

  it('whose strategy throws goes on with its routees, and says what became of the message', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const keyOf = (word: unknown): string => {
      if (word === 'bad') throw new Error('no key');
      if (word === 'refused') throw new DomainError('KEY_MISSING', 'the word has no key');
      return 'one';
    };
    const letters: unknown[] = [];
    const failures: unknown[] = [];
    system.events.subscribe(DeadLetter, ({ message, reason }) => letters.push([message, reason]));
    system.events.subscribe(RoutingFailed, ({ error, message, router: who }) => failures.push([who, message, error]));
    const router = system.spawn(routerPool(1, scripted(notes), consistentHash(keyOf)));
    const { open, promise } = gate();
    system.tell(router, () => promise);
    for (const word of ['first', 'bad', 'last']) system.tell(router, word);
    const asks = ['bad', 'refused'].map((word) => system.ask(router, word).catch((error: unknown) => error));
    await settle();
    open();
    await settle();
    expect(notes).toEqual(['made', 'Started', 'first', 'last']);
    expect(await Promise.all(asks)).toMatchObject([{ code: 'TARGET_FAILED' }, { code: 'KEY_MISSING' }]);
    const lost = ['bad', 'bad', 'refused'];
    expect(letters).toEqual(lost.map((word) => [word, 'not-routed']));
    expect(failures).toEqual(lost.map((word) => [router, word, expect.any(Error)]));
  });

  it('of a pool has at least one routee', () => {
    expect(() => routerPool(0, scripted(), roundRobin())).toThrow(RangeError);
  });
});
