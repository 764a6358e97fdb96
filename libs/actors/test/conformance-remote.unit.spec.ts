import { describe, expect, it } from '@jest/globals';
import { type ActorContext, type Pid, pidByName, Props, type Received, roundRobin, routerGroup } from '../src/index.js';
import { TestProbe } from '../src/testing/index.js';
import { abroad, answerer, codeOf, type Ping, ping, type Pong, stage, type TestProcess } from './two-processes.js';

interface World {
  readonly a: TestProcess;
  readonly b: TestProcess;
  readonly ms: (duration: number) => Promise<void>;
  readonly process: (address: string) => TestProcess;
  /** An actor of b, as a knows it. */
  readonly find: (id: string) => Promise<Pid>;
}

async function world(): Promise<World> {
  const { process, time } = stage();
  const [a, b] = [process('a'), process('b')];
  const ms = (duration: number): Promise<void> => time.advanceAsync(duration);
  await ms(0);
  const find = async (id: string): Promise<Pid> => {
    const finding = a.remote.find('b', id);
    await ms(500);
    return (await finding) ?? a.system.nobody;
  };
  return { a, b, ms, process, find };
}

/** Does with each question what a test wants. */
function pinged(react: (message: Received<Ping> & Ping, context: ActorContext<Ping>) => void): Props<Ping> {
  return Props.fromFunction((message: Received<Ping>, context: ActorContext<Ping>) => {
    if (message.type === 'Ping') react(message, context);
  });
}

const pong = (sku: string, quantity = 1): Pong => ({ type: 'Pong', sku, quantity });

describe('forwarding between processes', () => {
  it.each(['a', 'c'])('keeps who asked, also when the last one is in %s', async (last) => {
    const { a, b, ms, process } = await world();
    const third = last === 'a' ? a : process('c');
    third.system.spawnNamed(answerer(), 'answerer');
    b.system.spawnNamed(
      pinged((_message, context) => context.forward(pidByName<Ping>(last, 'answerer'))),
      'forwarder',
    );
    const answer = a.system.ask(pidByName<Ping>('b', 'forwarder'), ping('tea'));
    await ms(1000);
    expect(await answer).toMatchObject(pong('tea'));
  });
});

describe('the sender of a message from another process', () => {
  it('may be kept and told later', async () => {
    const { a, b, ms } = await world();
    let kept: Pid | undefined;
    const keeper = b.system.spawnNamed(
      pinged((_message, { sender }) => (kept = sender)),
      'keeper',
    );
    const probe = new TestProbe<Pong>(a.system);
    await ms(0);
    probe.tell(abroad(keeper), ping('tea'));
    await ms(100);
    b.system.tell(kept ?? b.system.nobody, pong('later'));
    await ms(100);
    expect(probe.all()).toMatchObject([pong('later')]);
  });

  it('is kept by a stash', async () => {
    const { a, b, ms } = await world();
    const stashing = pinged((message, context) => {
      if (message.sku !== 'open') return context.stash();
      context.become((later, { sender }) => {
        if (later.type === 'Ping') context.tell(sender ?? context.system.nobody, pong(later.sku));
      });
      context.unstashAll();
    });
    b.system.spawnNamed(stashing, 'stashing');
    const target = pidByName<Ping>('b', 'stashing');
    const answers = ['x', 'y'].map((sku) => a.system.ask(target, ping(sku)));
    a.system.tell(target, ping('open'));
    await ms(500);
    expect(await Promise.all(answers)).toMatchObject([pong('x'), pong('y')]);
  });
});

describe('watching actors of another process', () => {
  it('tells each watcher of one actor once, and those that gave it up nothing', async () => {
    const { a, b, find, ms } = await world();
    const watched = b.system.spawnNamed(answerer(), 'watched');
    const pid = await find('watched');
    const [one, two, former] = [new TestProbe(a.system), new TestProbe(a.system), new TestProbe(a.system)];
    await ms(0);
    for (const probe of [one, two, former]) probe.watch(pid);
    await ms(100);
    former.unwatch(pid);
    await ms(100);
    b.system.stop(watched);
    await ms(500);
    expect([one, two, former].map((probe) => probe.all().length)).toEqual([1, 1, 0]);
  });

  it('tells one watcher of each of several', async () => {
    const { a, b, find, ms } = await world();
    const names = ['x', 'y', 'z'];
    const watched = names.map((name) => b.system.spawnNamed(answerer(), name));
    const probe = new TestProbe(a.system);
    await ms(0);
    for (const name of names) probe.watch(await find(name));
    await ms(100);
    for (const pid of watched) b.system.stop(pid);
    await ms(500);
    expect(probe.all().map((message) => (message as { who: Pid }).who.id)).toEqual(names);
  });
});

describe('a poison to another process', () => {
  it('ends the actor behind what was sent before it, and what comes after is a dead letter', async () => {
    const { a, b, find, ms } = await world();
    const heard: string[] = [];
    b.system.spawnNamed(
      pinged(({ sku }) => heard.push(sku)),
      'poisoned',
    );
    const pid = await find('poisoned');
    for (const sku of ['1', '2', '3']) a.system.tell(pid, ping(sku));
    a.system.poison(pid);
    a.system.tell(pid, ping('4'));
    await ms(500);
    expect(heard).toEqual(['1', '2', '3']);
    expect(b.letters).toMatchObject([{ message: { sku: '4' } }]);
    expect(b.system.find('poisoned')).toBeUndefined();
  });

  it('cannot be waited for by a name, which is said at once, before anything is ended', async () => {
    const { a, b, ms } = await world();
    b.system.spawnNamed(answerer(), 'named');
    const byName = pidByName('b', 'named');
    const ends = [codeOf(a.system.stopAndWait(byName)), codeOf(a.system.poisonAndWait(byName))];
    await ms(500);
    expect(await Promise.all(ends)).toEqual(['WATCH_BY_NAME', 'WATCH_BY_NAME']);
    expect(b.system.find('named')).toBeDefined();
  });
});

describe('a group of actors of other processes', () => {
  it('goes on with those that are left', async () => {
    const { a, b, find, ms } = await world();
    for (const name of ['x', 'y']) b.system.spawnNamed(answerer(), name);
    const router = a.system.spawn(routerGroup([await find('x'), await find('y')], roundRobin()));
    b.system.stop(pidByName('b', 'x'));
    await ms(500);
    const answers = [1, 2].map(() => a.system.ask(router, ping('tea')));
    await ms(500);
    expect(await Promise.all(answers)).toMatchObject([{ quantity: 1 }, { quantity: 2 }]);
  });

  it('keeps those that it knows by name, whoever has the name', async () => {
    const { a, b, ms } = await world();
    const byName = pidByName<Ping>('b', 'x');
    const router = a.system.spawn(routerGroup([byName], roundRobin()));
    for (let life = 0; life < 2; life++) {
      const pid = b.system.spawnNamed(answerer(), 'x');
      const answer = a.system.ask(router, ping('tea'));
      await ms(500);
      expect(await answer).toMatchObject({ quantity: 1 });
      b.system.stop(pid);
      await ms(500);
    }
  });
});
