import { describe, expect, it } from '@jest/globals';
import {
  allForOne,
  DeadLetter,
  exponentialBackOff,
  oneForOne,
  type Pid,
  Props,
  type Received,
  SupervisionEvent,
} from '../src/index.js';
import { createTestSystem, TestProbe, type TestSystem } from '../src/testing/index.js';
import { fail, family } from './family.js';
import { gate, type Script, scripted } from './scripted.js';

type Heard = 'Started' | 'Restarting' | 'Stopping' | 'Stopped';

/** An actor that notes what it hears, and does something of the test's at moments of its life. */
function living(notes: string[], deeds: Partial<Record<Heard, Script>> = {}): Props<Script | string> {
  return Props.fromProducer(() => ({
    receive(message: Received<Script | string>, context): void | PromiseLike<void> {
      if (typeof message === 'function') return message(context as never);
      notes.push(typeof message === 'string' ? message : message.type);
      if (typeof message === 'object') return deeds[message.type as Heard]?.(context as never);
    },
  }));
}

function lettersOf({ system }: TestSystem): unknown[] {
  const letters: unknown[] = [];
  system.events.subscribe(DeadLetter, ({ message }) => letters.push(message));
  return letters;
}

describe('the start of an actor', () => {
  it('holds its messages until the promise of Started has settled', async () => {
    const { settle, system } = createTestSystem();
    const { open, promise } = gate();
    const notes: string[] = [];
    const pid = system.spawn(living(notes, { Started: () => promise }));
    system.tell(pid, 'a');
    await settle();
    expect(notes).toEqual(['Started']);
    open();
    await settle();
    expect(notes).toEqual(['Started', 'a']);
  });

  it('that fails later is a failure as any other, and the messages wait for the next instance', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    let times = 0;
    const pid = system.spawn(
      living(notes, { Started: () => (++times === 1 ? Promise.reject(new Error('no')) : undefined) }),
    );
    system.tell(pid, 'a');
    await settle();
    expect(notes).toEqual(['Started', 'Restarting', 'Started', 'a']);
  });

  it('is tried until the window is full when an instance cannot be made, and watchers hear of the end', async () => {
    const kit = createTestSystem();
    const letters = lettersOf(kit);
    const probe = new TestProbe(kit.system);
    let tries = 0;
    const produce = (): never => {
      tries++;
      throw new Error('no');
    };
    const pid: Pid<string> = kit.system.spawn(
      Props.fromProducer<string>(produce).withGuardian(oneForOne({ maxRestarts: 3 })),
    );
    kit.system.tell(pid, 'a');
    await kit.settle();
    probe.watch(pid);
    await kit.settle();
    expect([tries, letters, probe.next()]).toEqual([4, ['a'], { type: 'Terminated', who: pid, reason: 'not-found' }]);
  });
});

describe('the end of an actor', () => {
  it('comes once, however often and in whatever way it is asked for', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const pid = system.spawn(living(notes, { Stopping: ({ self, stop }) => void [self, stop] }));
    await settle();
    system.poison(pid);
    for (let time = 0; time < 3; time++) system.stop(pid);
    system.poison(pid);
    await settle();
    system.stop(pid);
    await settle();
    expect(notes).toEqual(['Started', 'Stopping', 'Stopped']);
  });

  it.each(['Stopping', 'Stopped'] as const)('is an end also when %s throws or rejects', async (when) => {
    for (const outcome of [fail, () => Promise.reject(new Error('later'))]) {
      const kit = createTestSystem();
      const probe = new TestProbe(kit.system);
      const notes: string[] = [];
      const pid = kit.system.spawnNamed(living(notes, { [when]: outcome }), 'x');
      await kit.settle();
      probe.watch(pid);
      kit.system.stop(pid);
      await kit.settle();
      expect(probe.all()).toEqual([{ type: 'Terminated', who: pid, reason: 'stopped' }]);
      expect(notes).toEqual(['Started', 'Stopping', 'Stopped']);
      expect(kit.system.find('x')).toBeUndefined();
    }
  });

  it('makes dead letters of what comes while it takes its time, and fails asks when it is over', async () => {
    const kit = createTestSystem();
    const letters = lettersOf(kit);
    const { open, promise } = gate();
    const notes: string[] = [];
    const pid = kit.system.spawn(living(notes, { Stopping: () => promise }));
    await kit.settle();
    kit.system.stop(pid);
    await kit.settle();
    kit.system.tell(pid, 'late');
    const asked = expect(kit.system.ask(pid, 'too late')).rejects.toMatchObject({ code: 'TARGET_STOPPED' });
    await kit.settle();
    expect(letters).toEqual([]);
    open();
    await kit.settle();
    await asked;
    expect(letters).toEqual(['late', 'too late']);
    expect(notes).toEqual(['Started', 'Stopping', 'Stopped']);
  });

  it('by poison ends its children ahead of what waits for them', async () => {
    const kit = createTestSystem();
    const letters = lettersOf(kit);
    const { promise, open } = gate();
    const parent = kit.system.spawn(scripted());
    kit.system.tell(parent, (context) => {
      const child = context.spawn(scripted());
      context.tell(child, () => promise);
      context.tell(child, 'waits');
    });
    await kit.settle();
    kit.system.poison(parent);
    kit.system.tell(parent, 'behind');
    open();
    await kit.settle();
    expect(letters).toEqual(['waits', 'behind']);
  });

  it('frees the name for whoever hears of it', async () => {
    const { settle, system } = createTestSystem();
    const pids: string[] = [];
    const props = Props.fromFunction<'go'>((message, context) => {
      const type = typeof message === 'string' ? message : message.type;
      if (type !== 'go' && type !== 'Terminated') return;
      if (pids.length === 3) return;
      const child = context.spawnNamed(scripted(), 'child');
      context.watch(child);
      pids.push(`${child.id} ${context.children.length}`);
      context.stop(child);
    });
    system.tell(system.spawnNamed(props, 'parent'), 'go');
    await settle();
    expect(pids).toEqual(['parent/child 1', 'parent/child 1', 'parent/child 1']);
  });

  it.each(['Restarting', 'Stopping', 'Stopped'] as const)('allows no spawn in %s', async (when) => {
    const { settle, system } = createTestSystem();
    const codes: unknown[] = [];
    const spawn: Script = (context) => {
      try {
        context.spawn(scripted());
      } catch (error) {
        codes.push((error as { code: unknown }).code);
      }
    };
    const pid = system.spawn(living([], { [when]: spawn }));
    system.tell(pid, fail);
    await settle();
    system.stop(pid);
    await settle();
    expect(codes).toEqual(['SPAWN_REFUSED']);
    expect(system.tree().actorCount).toBe(0);
  });
});

describe('a restart', () => {
  it('ends the children first, then makes the instance, and keeps Pid, name and mailbox', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const pid = system.spawnNamed(scripted(notes, 'parent '), 'parent');
    system.tell(pid, (context) => void context.spawnNamed(scripted(notes, 'child '), 'child'));
    await settle();
    notes.length = 0;
    for (const message of [fail, 'a', 'b']) system.tell(pid, message);
    await settle();
    expect(notes).toEqual([
      ...['parent Restarting', 'child Stopping', 'child Stopped'],
      ...['parent made', 'parent Started', 'parent a', 'parent b'],
    ]);
    expect(system.find('parent')?.equals(pid)).toBe(true);
    expect(system.find('parent/child')).toBeUndefined();
  });

  it('goes on when the farewell of the instance rejects, and a poison keeps its place', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const pid = system.spawn(living(notes, { Restarting: () => Promise.reject(new Error('no')) }));
    system.tell(pid, fail);
    system.tell(pid, 'a');
    system.poison(pid);
    system.tell(pid, 'behind');
    await settle();
    expect(notes).toEqual(['Started', 'Restarting', 'Started', 'a', 'Stopping', 'Stopped']);
  });

  it('of a busy sibling waits for its promise, and its mailbox is kept', async () => {
    const { a, b, notes, settle, system } = await family(allForOne());
    const { open, promise } = gate();
    system.tell(b, () => promise);
    system.tell(b, 'next');
    await settle();
    system.tell(a, fail);
    await settle();
    expect(notes).toContain('a made');
    expect(notes).not.toContain('b Restarting');
    open();
    await settle();
    expect(notes.filter((note) => note.startsWith('b '))).toEqual(['b Restarting', 'b made', 'b Started', 'b next']);
  });

  it('that waits for its time lets a stop pass, and a second failure of a sibling does not hurry it', async () => {
    const kit = createTestSystem();
    const letters = lettersOf(kit);
    const strategy = exponentialBackOff({ minMs: 100, jitter: 0 });
    const notes: string[] = [];
    const [one, two] = [
      kit.system.spawn(scripted(notes, '1 ').withGuardian(strategy)),
      kit.system.spawn(scripted(notes, '2 ').withGuardian(strategy)),
    ];
    kit.system.tell(one, fail);
    kit.system.tell(two, fail);
    await kit.time.advanceAsync(50);
    kit.system.tell(one, 'kept');
    kit.system.stop(two);
    kit.system.tell(two, 'lost');
    await kit.time.advanceAsync(49);
    expect(notes).not.toContain('1 Restarting');
    await kit.time.advanceAsync(1);
    expect(notes.slice(4)).toEqual(['2 Stopping', '2 Stopped', '1 Restarting', '1 made', '1 Started', '1 kept']);
    expect(letters).toEqual(['lost']);
  });

  it('in vain leads to the end when the window is full, children and all', async () => {
    const kit = createTestSystem();
    const events: string[] = [];
    kit.system.events.subscribe(SupervisionEvent, ({ directive }) => events.push(directive));
    const pid = kit.system.spawn(scripted().withGuardian(oneForOne({ maxRestarts: 2, withinMs: 1000 })));
    for (let time = 0; time < 3; time++) kit.system.tell(pid, fail);
    await kit.settle();
    expect(events).toEqual(['restart', 'restart', 'stop']);
    expect(kit.system.tree().actorCount).toBe(0);
  });
});

describe('the last messages of an actor', () => {
  it('let it ask others, its children too, and wait for what they say', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const pid = system.spawn(
      living(notes, {
        Started: (context) => void context.spawnNamed(scripted(), 'child'),
        Stopping: async (context) => {
          const child = context.children[0] as Pid<Script> | undefined;
          notes.push(String(await context.ask(child ?? system.nobody, (asked) => asked.reply('answered'))));
        },
      }),
    );
    await settle();
    system.stop(pid);
    await settle();
    expect(notes).toEqual(['Started', 'Stopping', 'answered', 'Stopped']);
  });

  it('may leave something for the next instance', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const pid = system.spawn(living(notes, { Restarting: (context) => context.tell(context.self, fromBefore) }));
    const fromBefore: Script = ({ restarts }) => void notes.push(`heard after ${restarts}`);
    system.tell(pid, fail);
    await settle();
    expect(notes).toEqual(['Started', 'Restarting', 'Started', 'heard after 1']);
  });
});
