import { describe, expect, it } from '@jest/globals';
import { fail } from '../../test/family.js';
import { gate, scripted } from '../../test/scripted.js';
import { createTestSystem } from '../testing/index.js';
import { allForOne, type Pid, Props } from '../index.js';

describe('the life of an actor', () => {
  it('begins with Started, before every message, and ends with Stopping and Stopped', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const pid = system.spawn(scripted(notes));
    system.tell(pid, 'hello');
    await settle();
    system.stop(pid);
    await settle();
    expect(notes).toEqual(['made', 'Started', 'hello', 'Stopping', 'Stopped']);
  });

  it('takes no turn in the stack of whoever spawns or tells', () => {
    const { system, time } = createTestSystem();
    const notes: string[] = [];
    system.tell(system.spawn(scripted(notes)), 'hello');
    expect(notes).toEqual([]);
    time.advance(0);
    expect(notes).toEqual(['made', 'Started', 'hello']);
  });

  it('is ended by a stop ahead of the messages that wait, and they become dead letters', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const letters: unknown[] = [];
    system.events.subscribeAll((event) => letters.push((event as { message: unknown }).message));
    const pid = system.spawn(scripted(notes));
    system.tell(pid, 'first');
    system.stop(pid);
    await settle();
    expect(notes).toEqual(['made', 'Started', 'Stopping', 'Stopped']);
    expect(letters).toEqual(['first']);
  });

  it('is ended by a poison behind the messages that wait', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const pid = system.spawn(scripted(notes));
    system.tell(pid, 'first');
    system.poison(pid);
    system.tell(pid, 'too late');
    await settle();
    expect(notes).toEqual(['made', 'Started', 'first', 'Stopping', 'Stopped']);
  });

  it('ends after that of its children, the youngest first', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const parent = system.spawnNamed(scripted(notes, 'parent '), 'parent');
    system.tell(parent, (context) => {
      const elder = context.spawnNamed(scripted(notes, 'elder '), 'elder');
      context.spawnNamed(scripted(notes, 'younger '), 'younger');
      context.tell(elder, (own) => void own.spawnNamed(scripted(notes, 'grandchild '), 'grandchild'));
    });
    await settle();
    notes.length = 0;
    system.poison(parent);
    await settle();
    expect(notes.filter((note) => note.endsWith('Stopped'))).toEqual([
      'younger Stopped',
      'grandchild Stopped',
      'elder Stopped',
      'parent Stopped',
    ]);
    expect(notes[0]).toBe('parent Stopping');
    expect(system.tree().actorCount).toBe(0);
  });

  it('waits with its end for the promise of a handler, whose signal tells it to hurry', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const { open, promise } = gate();
    const pid = system.spawn(scripted(notes));
    system.tell(pid, ({ signal }) => {
      signal.addEventListener('abort', open);
      return promise.then(() => void notes.push(`aborted: ${signal.aborted}`));
    });
    await settle();
    system.stop(pid);
    await settle();
    expect(notes).toEqual(['made', 'Started', 'aborted: true', 'Stopping', 'Stopped']);
  });

  it.each(['stop', 'restart'])(
    'tells a handler to hurry that asks for the signal after the %s has come',
    async (what) => {
      const { settle, system } = createTestSystem();
      const { open, promise } = gate();
      const aborted: boolean[] = [];
      const strategy = allForOne();
      const pid = system.spawn(scripted().withGuardian(strategy));
      const sibling = system.spawn(scripted().withGuardian(strategy));
      system.tell(pid, async (context) => {
        await promise;
        aborted.push(context.signal.aborted);
      });
      await settle();
      if (what === 'stop') system.stop(pid);
      else system.tell(sibling, fail);
      await settle();
      open();
      await settle();
      system.tell(pid, ({ signal }) => void aborted.push(signal.aborted));
      await settle();
      expect(aborted).toEqual(what === 'stop' ? [true] : [true, false]);
    },
  );

  it('waits with its end for the promise of Stopping, and frees the name only then', async () => {
    const { settle, system } = createTestSystem();
    const last = gate();
    const slow = Props.fromFunction<never>((message) =>
      (message as { type: string }).type === 'Stopping' ? last.promise : undefined,
    );
    const pid = system.spawnNamed(slow, 'slow');
    await settle();
    system.stop(pid);
    await settle();
    expect(system.find('slow')?.equals(pid)).toBe(true);
    last.open();
    await settle();
    expect(system.find('slow')).toBeUndefined();
  });

  it('is over for an instance whose end throws, too, and a person is told', async () => {
    const warnings: unknown[] = [];
    const { settle, system } = createTestSystem({ log: { warn: (message) => warnings.push(message) } });
    const pid = system.spawn(
      Props.fromFunction<never>((message) => {
        if ((message as { type: string }).type === 'Stopping') throw new Error('no');
      }),
    );
    await settle();
    system.stop(pid);
    await settle();
    expect(system.tree().actorCount).toBe(0);
    expect(warnings).toEqual(['an actor threw where no supervisor can help']);
  });

  it('leaves messages behind that are sent to it in its last turn', async () => {
    const { settle, system } = createTestSystem();
    const letters: unknown[] = [];
    system.events.subscribeAll((event) => letters.push((event as { reason: unknown }).reason));
    const pid = system.spawn(
      Props.fromFunction<string>((message, context) => {
        if (typeof message === 'object' && message.type === 'Stopped') context.tell(context.self, 'me again');
      }),
    );
    system.stop(pid);
    await settle();
    system.tell(pid, 'anybody there?');
    await settle();
    expect(letters).toEqual(['stopped', 'stopped']);
  });

  it('can be waited for from outside', async () => {
    const { settle, system, time } = createTestSystem();
    const notes: string[] = [];
    const end = system.poisonAndWait(system.spawn(scripted(notes))).then(() => notes.push('end'));
    await settle();
    await end;
    expect(notes).toEqual(['made', 'Started', 'Stopping', 'Stopped', 'end']);
    expect(time.pending).toBe(0);
  });

  it('is waited for no longer than told', async () => {
    const { settle, system, time } = createTestSystem();
    const { open, promise } = gate();
    const pid = system.spawn(scripted());
    system.tell(pid, () => promise);
    await settle();
    const end = system.stopAndWait(pid, 100);
    const refused = expect(end).rejects.toMatchObject({ code: 'STOP_TIMEOUT' });
    await time.advanceAsync(100);
    await refused;
    open();
    await settle();
    expect(system.tree().actorCount).toBe(0);
  });

  it('has been waited for at once when it is over already', async () => {
    const { settle, system } = createTestSystem();
    const pid: Pid<never> = system.spawn(scripted());
    system.stop(pid);
    await settle();
    await expect(system.stopAndWait(pid)).resolves.toBeUndefined();
  });

  it('has no more children once it is ending', async () => {
    const { settle, system } = createTestSystem();
    const refusals: unknown[] = [];
    const pid = system.spawn(
      Props.fromFunction<never>((message, context) => {
        if ((message as { type: string }).type !== 'Stopping') return;
        try {
          context.spawn(scripted());
        } catch (error) {
          refusals.push((error as { code: unknown }).code);
        }
      }),
    );
    system.stop(pid);
    await settle();
    expect(refusals).toEqual(['SPAWN_REFUSED']);
  });

  it('ends with everything that was set up in its last turn', async () => {
    const { settle, system, time } = createTestSystem();
    const pid = system.spawn(
      Props.fromFunction<string>((message, context) => {
        if (typeof message !== 'object') return;
        context.timers.startPeriodic('late', 'tick', 10);
        context.setReceiveTimeout(10);
      }),
    );
    await settle();
    system.stop(pid);
    await settle();
    expect(time.pending).toBe(0);
  });
});
