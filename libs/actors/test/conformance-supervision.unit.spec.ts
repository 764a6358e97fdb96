import { describe, expect, it } from '@jest/globals';
import { allForOne, type Directive, oneForOne, type Pid, restForOne } from '../src/index.js';
import { createTestSystem, type TestSystem } from '../src/testing/index.js';
import { directivesOf, fail, family } from './family.js';
import { gate, type Script, scripted } from './scripted.js';

interface Levels extends TestSystem {
  readonly top: Pid<Script | string>;
  readonly middle: Pid<Script | string>;
  readonly leaf: Pid<Script | string>;
  readonly notes: string[];
  readonly directives: string[];
}

/** Three levels, each with what it decides about the one below, and the root above them. */
async function levels(root: Directive, top: Directive, middle: Directive): Promise<Levels> {
  const kit = createTestSystem();
  const notes: string[] = [];
  const directives = directivesOf(kit);
  const ruled = (name: string, directive: Directive) =>
    scripted(notes, `${name} `).withStrategy(oneForOne({ decide: () => directive }));
  const pids: Pid<Script | string>[] = [];
  const topPid = kit.system.spawnNamed(ruled('top', top).withGuardian(oneForOne({ decide: () => root })), 'top');
  kit.system.tell(topPid, (context) => {
    const middlePid = context.spawnNamed(ruled('middle', middle), 'middle');
    pids.push(middlePid);
    context.tell(middlePid, (own) => void pids.push(own.spawnNamed(scripted(notes, 'leaf '), 'leaf')));
  });
  await kit.settle();
  notes.length = 0;
  const [middlePid = kit.system.nobody, leaf = kit.system.nobody] = pids;
  return { ...kit, top: topPid, middle: middlePid, leaf, notes, directives };
}

describe('an escalation', () => {
  it('that is answered with resume lets all levels go on with their state and messages', async () => {
    const { directives, leaf, middle, notes, settle, system, top } = await levels('resume', 'escalate', 'escalate');
    system.tell(leaf, fail);
    for (const pid of [leaf, middle, top]) system.tell(pid, 'next');
    await settle();
    expect(directives).toEqual(['escalate top/middle/leaf', 'escalate top/middle', 'resume top']);
    expect(notes.sort()).toEqual(['leaf next', 'middle next', 'top next']);
  });

  it('ends at the first level that decides', async () => {
    const { directives, leaf, middle, notes, settle, system, top } = await levels('stop', 'restart', 'escalate');
    system.tell(leaf, fail);
    for (const pid of [middle, top]) system.tell(pid, 'next');
    await settle();
    expect(directives).toEqual(['escalate top/middle/leaf', 'restart top/middle']);
    expect(notes.filter((note) => !note.startsWith('top'))).toEqual([
      ...['middle Restarting', 'leaf Stopping', 'leaf Stopped'],
      ...['middle made', 'middle Started', 'middle next'],
    ]);
    expect(notes).toContain('top next');
  });

  it('to the root that stops takes all levels along, the lowest first', async () => {
    const { leaf, notes, settle, system } = await levels('stop', 'escalate', 'escalate');
    system.tell(leaf, fail);
    await settle();
    expect(notes).toEqual([
      ...['top Stopping', 'middle Stopping', 'leaf Stopping'],
      ...['leaf Stopped', 'middle Stopped', 'top Stopped'],
    ]);
    expect(system.tree().actorCount).toBe(0);
  });

  it('waits for a level that is busy, and the failed one handles nothing meanwhile', async () => {
    const { directives, leaf, middle, notes, settle, system } = await levels('stop', 'resume', 'escalate');
    const { open, promise } = gate();
    system.tell(middle, () => promise);
    system.tell(leaf, fail);
    system.tell(leaf, 'next');
    await settle();
    expect([directives, notes]).toEqual([[], []]);
    expect(system.backlogOf(leaf)).toBe(1);
    open();
    await settle();
    expect(directives).toEqual(['escalate top/middle/leaf', 'resume top/middle']);
    expect(notes).toEqual(['leaf next']);
  });
});

describe('a failed child', () => {
  it('that is stopped from outside before its parent decides gets no directive', async () => {
    const { directives, leaf, middle, notes, settle, system } = await levels('stop', 'stop', 'restart');
    const { open, promise } = gate();
    system.tell(middle, () => promise);
    system.tell(leaf, fail);
    await settle();
    system.stop(leaf);
    await settle();
    open();
    await settle();
    expect(directives).toEqual([]);
    expect(notes).toEqual(['leaf Stopping', 'leaf Stopped']);
  });

  it('of a parent that ends meanwhile ends with it', async () => {
    const { directives, leaf, middle, notes, settle, system } = await levels('stop', 'stop', 'restart');
    const { open, promise } = gate();
    system.tell(middle, () => promise);
    system.tell(leaf, fail);
    system.stop(middle);
    await settle();
    open();
    await settle();
    expect(directives).toEqual([]);
    expect(notes).toEqual(['middle Stopping', 'leaf Stopping', 'leaf Stopped', 'middle Stopped']);
  });

  it('that is resumed goes on with what waits after a promise, with its timers and its behaviour', async () => {
    const { a, notes, settle, system, time } = await family(oneForOne({ decide: () => 'resume' }));
    const { open, promise } = gate();
    system.tell(a, (context) => {
      context.reenterAfter(promise, () => void notes.push('went on'));
      context.timers.startSingle('later', () => void notes.push('timer'), 10);
      context.becomeStacked((message, own) => {
        if (typeof message === 'function') return message(own);
        notes.push('stacked');
      });
    });
    system.tell(a, fail);
    system.tell(a, 'next');
    await settle();
    open();
    await time.advanceAsync(10);
    expect(notes).toEqual(['stacked', 'went on', 'timer']);
  });

  it('fails its asker once, and its message does not come again', async () => {
    const { a, notes, settle, system } = await family(oneForOne());
    let times = 0;
    const asked = system.ask(a, () => {
      times++;
      throw new Error('no');
    });
    const refused = expect(asked).rejects.toMatchObject({ code: 'TARGET_FAILED' });
    const next = system.ask(a, (context) => context.reply('fine'));
    await settle();
    await refused;
    expect([times, await next]).toEqual([1, 'fine']);
    expect(notes).toEqual(['a Restarting', 'a made', 'a Started']);
  });

  it('that fails while it is to be made again with its siblings is made again, whatever the order', async () => {
    const { a, b, notes, settle, system } = await family(allForOne({ maxRestarts: 5 }));
    const { fail: reject, promise } = gate();
    system.tell(b, () => promise);
    system.tell(b, 'next');
    await settle();
    system.tell(a, fail);
    await settle();
    reject(new Error('too'));
    await settle();
    expect(notes.filter((note) => note.startsWith('b ')).at(-1)).toBe('b next');
    expect(system.tree().roots[0]?.children.map(({ state }) => state)).toEqual(['running', 'running', 'running']);
  });
});

describe('rest for one', () => {
  it('counts a child that was spawned again as the youngest', async () => {
    const kit = createTestSystem();
    const directives = directivesOf(kit);
    const children: Pid<Script | string>[] = [];
    const parent = kit.system.spawnNamed(scripted().withStrategy(restForOne()), 'parent');
    const spawn = (name: string): void =>
      kit.system.tell(parent, (context) => void children.push(context.spawnNamed(scripted(), name)));
    spawn('a');
    spawn('b');
    await kit.settle();
    kit.system.stop(children[0] ?? kit.system.nobody);
    await kit.settle();
    spawn('a');
    await kit.settle();
    kit.system.tell(children[1] ?? kit.system.nobody, fail);
    await kit.settle();
    expect(directives).toEqual(['restart parent/b', 'restart parent/a']);
  });
});
