import { describe, expect, it } from '@jest/globals';
import { directivesOf, fail, family } from '../../test/family.js';
import { gate, type Script, scripted } from '../../test/scripted.js';
import { createTestSystem } from '../testing/index.js';
import { allForOne, exponentialBackOff, oneForOne, type Pid, Props } from '../index.js';

describe('supervision', () => {
  it('makes a failed actor again behind its Pid, and loses the message that it failed on alone', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const pid = system.spawn(scripted(notes));
    for (const message of ['a', fail, 'b']) system.tell(pid, message);
    await settle();
    expect(notes).toEqual(['made', 'Started', 'a', 'Restarting', 'made', 'Started', 'b']);
  });

  it('resumes an actor with its state', async () => {
    const { a, directives, notes, settle, system } = await family(oneForOne({ decide: () => 'resume' }));
    system.tell(a, fail);
    system.tell(a, 'next');
    await settle();
    expect(notes).toEqual(['a next']);
    expect(directives).toEqual(['resume parent/a']);
  });

  it('stops an actor', async () => {
    const { a, directives, notes, settle, system } = await family(oneForOne({ decide: () => 'stop' }));
    system.tell(a, fail);
    await settle();
    expect(notes).toEqual(['a Stopping', 'a Stopped']);
    expect(directives).toEqual(['stop parent/a']);
  });

  it('decides by the error and the message', async () => {
    const seen: unknown[] = [];
    const decide = ({ child, error, message }: { child: { id: string }; error: unknown; message: unknown }) => {
      seen.push(child.id, (error as Error).message, message);
      return 'resume' as const;
    };
    const { a, settle, system } = await family(oneForOne({ decide }));
    system.tell(a, fail);
    await settle();
    expect(seen).toEqual(['parent/a', 'no', fail]);
  });

  it('answers children that fail together once', async () => {
    const { a, b, directives, notes, settle, system } = await family(allForOne());
    system.tell(a, fail);
    system.tell(b, fail);
    await settle();
    expect(directives).toEqual(['restart parent/a', 'restart parent/b', 'restart parent/c']);
    expect(notes.filter((note) => note === 'b made')).toHaveLength(1);
  });

  it('leaves no restart behind of an actor that stops meanwhile', async () => {
    const { a, settle, system, time } = await family(exponentialBackOff());
    system.tell(a, fail);
    await settle();
    expect(time.pending).toBe(1);
    system.stop(a);
    await settle();
    expect(time.pending).toBe(0);
  });

  it('lets the parent decide itself, and the strategy where it does not', async () => {
    const kit = createTestSystem();
    const directives = directivesOf(kit);
    const children: Pid<Script | string>[] = [];
    const props = Props.fromProducer<Script>(() => ({
      receive: (message, context) => {
        if (typeof message === 'function') return message(context);
      },
      decide: ({ child }) => (child.id.endsWith('mine') ? 'resume' : undefined),
    }));
    const parent = kit.system.spawnNamed(props.withStrategy(oneForOne({ decide: () => 'stop' })), 'parent');
    kit.system.tell(parent, (context) => {
      for (const name of ['mine', 'other']) children.push(context.spawnNamed(scripted(), name));
    });
    await kit.settle();
    for (const child of children) kit.system.tell(child, fail);
    await kit.settle();
    expect(directives).toEqual(['resume parent/mine', 'stop parent/other']);
  });

  it('escalates by failing the parent, whose children end with its instance', async () => {
    const { a, directives, notes, settle, system } = await family(oneForOne({ decide: () => 'escalate' }));
    system.tell(a, fail);
    await settle();
    expect(directives).toEqual(['escalate parent/a', 'restart parent']);
    expect(notes).toEqual([
      'parent Restarting',
      ...['c Stopping', 'c Stopped', 'b Stopping', 'b Stopped', 'a Stopping', 'a Stopped'],
      ...['parent made', 'parent Started'],
    ]);
  });

  it('escalates several children at once as one failure', async () => {
    const { a, b, directives, settle, system } = await family(oneForOne({ decide: () => 'escalate' }));
    system.tell(a, fail);
    system.tell(b, fail);
    await settle();
    expect(directives.filter((directive) => directive === 'restart parent')).toHaveLength(1);
  });

  it('resumes those whose failure was escalated when their parent is resumed', async () => {
    const kit = createTestSystem();
    const notes: string[] = [];
    const strategy = oneForOne({ decide: () => 'escalate' });
    const props = scripted(notes, 'parent ').withStrategy(strategy);
    const parent = kit.system.spawn(props.withGuardian(oneForOne({ decide: () => 'resume' })));
    const children: Pid<Script | string>[] = [];
    kit.system.tell(parent, (context) => {
      for (const name of ['a', 'b']) children.push(context.spawnNamed(scripted(notes, `${name} `), name));
    });
    await kit.settle();
    notes.length = 0;
    for (const child of children) kit.system.tell(child, fail);
    for (const child of children) kit.system.tell(child, 'after');
    await kit.settle();
    expect(notes.sort()).toEqual(['a after', 'b after']);
  });

  it('ends an escalation at the root, which stops the actor where its own strategy escalates', async () => {
    const kit = createTestSystem({ guardianStrategy: oneForOne({ decide: () => 'escalate' }) });
    const directives = directivesOf(kit);
    const pid = kit.system.spawnNamed(scripted(), 'x');
    kit.system.tell(pid, fail);
    await kit.settle();
    expect(directives).toEqual(['escalate x', 'stop x']);
    expect(kit.system.find('x')).toBeUndefined();
  });

  it('ends an escalation through all levels with the default strategy of the root: a restart', async () => {
    const kit = createTestSystem();
    const directives = directivesOf(kit);
    const escalating = scripted().withStrategy(oneForOne({ decide: () => 'escalate' }));
    const top = kit.system.spawnNamed(escalating, 'top');
    kit.system.tell(top, (context) => {
      context.tell(context.spawnNamed(escalating, 'middle'), (middle) => {
        middle.tell(middle.spawnNamed(scripted(), 'leaf'), fail);
      });
    });
    await kit.settle();
    expect(directives).toEqual(['escalate top/middle/leaf', 'escalate top/middle', 'restart top']);
    expect(kit.system.tree()).toMatchObject({ actorCount: 1, roots: [{ id: 'top', restarts: 1, state: 'running' }] });
  });

  it('treats a strategy that throws as one that escalates', async () => {
    const broken = (): never => {
      throw new Error('cannot decide');
    };
    const { a, directives, settle, system } = await family(oneForOne({ decide: broken }));
    system.tell(a, fail);
    await settle();
    expect(directives).toEqual(['escalate parent/a', 'restart parent']);
  });

  it('holds for the making of an instance and for Started, and stops what cannot be made but is resumed', async () => {
    const kit = createTestSystem();
    const directives = directivesOf(kit);
    let isBroken = true;
    const produce = (): { receive(): void } => {
      if (isBroken) throw new Error('no');
      return { receive: () => undefined };
    };
    kit.system.spawnNamed(Props.fromProducer(produce).withGuardian(exponentialBackOff({ minMs: 10 })), 'x');
    await kit.time.advanceAsync(5);
    isBroken = false;
    await kit.time.advanceAsync(100);
    expect(kit.system.tree()).toMatchObject({ roots: [{ id: 'x', restarts: 1, state: 'running' }] });
    isBroken = true;
    kit.system.spawnNamed(Props.fromProducer(produce).withGuardian(oneForOne({ decide: () => 'resume' })), 'y');
    await kit.settle();
    expect(kit.system.find('y')).toBeUndefined();
    expect(directives).toEqual(['restart x', 'resume y']);
  });

  it('takes a rejected promise as it takes an error, when it comes', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const { fail: reject, promise } = gate();
    const pid = system.spawn(scripted(notes));
    system.tell(pid, () => promise);
    system.tell(pid, 'next');
    await settle();
    reject(new Error('no'));
    await settle();
    expect(notes).toEqual(['made', 'Started', 'Restarting', 'made', 'Started', 'next']);
  });

  it('keeps siblings at the root apart, unless they share a strategy', async () => {
    const kit = createTestSystem();
    const directives = directivesOf(kit);
    const shared = allForOne({ decide: () => 'stop' });
    kit.system.spawnNamed(scripted(), 'apart');
    const a = kit.system.spawnNamed(scripted().withGuardian(shared), 'a');
    kit.system.spawnNamed(scripted().withGuardian(shared), 'b');
    kit.system.tell(a, fail);
    await kit.settle();
    expect(directives).toEqual(['stop a', 'stop b']);
    expect(kit.system.tree().roots.map(({ id }) => id)).toEqual(['apart']);
  });

  it('tells a person of each failure, whatever becomes of it', async () => {
    const facts: unknown[] = [];
    const { settle, system } = createTestSystem({ log: { warn: (message, { err }) => facts.push([message, err]) } });
    const error = new Error('no');
    system.tell(system.spawn(scripted()), () => {
      throw error;
    });
    await settle();
    expect(facts).toEqual([['an actor failed', error]]);
  });

  it('tells the observer of each restart', async () => {
    const counts = { spawned: 0, restarted: 0, stopped: 0, deadLetter: 0 };
    const observer = {
      spawned: () => counts.spawned++,
      restarted: () => counts.restarted++,
      stopped: () => counts.stopped++,
      deadLetter: () => counts.deadLetter++,
    };
    const { settle, system } = createTestSystem({ observer });
    const pid = system.spawn(scripted());
    system.tell(pid, fail);
    await settle();
    system.stop(pid);
    system.tell(pid, 'late');
    await settle();
    expect(counts).toEqual({ spawned: 1, restarted: 1, stopped: 1, deadLetter: 1 });
  });
});
