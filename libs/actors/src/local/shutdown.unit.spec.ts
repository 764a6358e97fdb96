import { describe, expect, it } from '@jest/globals';
import { gate, scripted } from '../../test/scripted.js';
import { createTestSystem } from '../testing/index.js';
import { DeadLetter, exponentialBackOff } from '../index.js';

describe('the shutdown of a system', () => {
  it('ends all actors, children before their parents', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    system.tell(system.spawn(scripted(notes, 'parent ')), (context) => void context.spawn(scripted(notes, 'child ')));
    await settle();
    const end = system.shutdown();
    await settle();
    await end;
    expect(notes.filter((note) => note.endsWith('Stopped'))).toEqual(['child Stopped', 'parent Stopped']);
    expect(system.tree()).toEqual({ actorCount: 0, rootCount: 0, roots: [] });
  });

  it('is done at once where there is no actor, and may be repeated', async () => {
    const { system, time } = createTestSystem();
    await system.shutdown();
    await system.shutdown();
    expect(time.pending).toBe(0);
  });

  it('refuses spawns at the root from its beginning, and takes messages as dead letters after its end', async () => {
    const { settle, system } = createTestSystem();
    const pid = system.spawn(scripted());
    await settle();
    const letters: unknown[] = [];
    system.events.subscribe(DeadLetter, ({ message }) => letters.push(message));
    const end = system.shutdown();
    expect(() => system.spawn(scripted())).toThrow(expect.objectContaining({ code: 'SPAWN_REFUSED' }));
    await settle();
    await end;
    system.tell(pid, 'late');
    expect(letters).toEqual(['late']);
    await expect(system.ask(pid, 'late')).rejects.toMatchObject({ code: 'TARGET_STOPPED' });
  });

  it('leaves nothing scheduled: no timer, no ask, no restart, no log line', async () => {
    const { settle, system, time } = createTestSystem();
    const pid = system.spawn(scripted());
    const failing = system.spawn(scripted().withGuardian(exponentialBackOff()));
    system.tell(pid, (context) => {
      context.timers.startPeriodic('tick', () => undefined, 10);
      context.setReceiveTimeout(100);
    });
    system.tell(failing, () => {
      throw new Error('no');
    });
    system.tellEvery(10, pid, 'every');
    system.tellAfter(10, pid, 'after');
    const ask = expect(system.ask(pid, () => undefined)).rejects.toMatchObject({ code: 'SYSTEM_STOPPED' });
    for (let number = 0; number < 10; number++) system.tell(system.nobody, 'x');
    await settle();
    expect(time.pending).toBeGreaterThan(4);
    const end = system.shutdown();
    await settle();
    await end;
    await ask;
    await settle();
    expect(time.pending).toBe(0);
  });

  it('gives up actors that are stuck, names them, and lets nothing of theirs go on', async () => {
    const { settle, system, time } = createTestSystem();
    const notes: string[] = [];
    const letters: unknown[] = [];
    system.events.subscribe(DeadLetter, ({ message }) => letters.push(message));
    const { open, promise } = gate();
    const stuck = system.spawnNamed(scripted(notes, 'stuck '), 'stuck');
    system.tell(stuck, (context) => {
      context.timers.startPeriodic('tick', () => undefined, 10);
      context.spawnNamed(scripted(notes, 'child '), 'child');
      return promise;
    });
    await settle();
    system.tell(stuck, 'waits');
    const ask = expect(system.ask(stuck, 'waits too', { timeoutMs: 60_000 })).rejects.toMatchObject({
      code: 'TARGET_STOPPED',
    });
    const end = expect(system.shutdown(1000)).rejects.toMatchObject({
      code: 'STOP_TIMEOUT',
      message: 'stuck, stuck/child did not stop within 1000 ms',
    });
    await time.advanceAsync(1000);
    await end;
    await ask;
    await settle();
    expect(time.pending).toBe(0);
    expect(letters).toEqual(['waits', 'waits too']);
    notes.length = 0;
    open();
    await settle();
    expect(notes).toEqual([]);
    expect(system.tree().actorCount).toBe(0);
  });

  it('reports what a stuck handler throws after it was given up', async () => {
    const warnings: unknown[] = [];
    const { settle, system, time } = createTestSystem({ log: { warn: (message) => warnings.push(message) } });
    const { fail, promise } = gate();
    system.tell(system.spawn(scripted()), () => promise);
    await settle();
    const end = expect(system.shutdown(10)).rejects.toMatchObject({ code: 'STOP_TIMEOUT' });
    await time.advanceAsync(10);
    await end;
    fail(new Error('late'));
    await settle();
    expect(warnings).toEqual(['an actor threw where no supervisor can help']);
  });
});
