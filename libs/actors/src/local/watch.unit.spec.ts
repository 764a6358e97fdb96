import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gate, scripted } from '../../test/scripted.js';
import { createTestSystem, TestProbe } from '../testing/index.js';

async function watcherAndWatched() {
  const kit = createTestSystem();
  const probe = new TestProbe<string>(kit.system);
  const pid = kit.system.spawn(scripted());
  await kit.settle();
  return { ...kit, pid, probe };
}

describe('watching', () => {
  it('brings one Terminated with its reason when the actor ends', async () => {
    const { pid, probe, settle, system } = await watcherAndWatched();
    probe.watch(pid);
    probe.watch(pid);
    system.stop(pid);
    await settle();
    expect(probe.all()).toEqual([{ type: 'Terminated', who: pid, reason: 'stopped' }]);
  });

  it('brings Terminated at once for an actor that has ended or never was', async () => {
    const { pid, probe, settle, system } = await watcherAndWatched();
    system.stop(pid);
    await settle();
    probe.watch(pid);
    probe.watch(system.nobody);
    await settle();
    expect(probe.all()).toEqual([
      { type: 'Terminated', who: pid, reason: 'not-found' },
      { type: 'Terminated', who: system.nobody, reason: 'not-found' },
    ]);
  });

  it('brings Terminated also when it begins in the moment of the end', async () => {
    const { pid, probe, settle, system } = await watcherAndWatched();
    system.stop(pid);
    probe.watch(pid);
    await settle();
    expect(probe.all()).toMatchObject([{ type: 'Terminated' }]);
  });

  it('brings Terminated for one that is ending already, when it has ended', async () => {
    const { probe, settle, system } = await watcherAndWatched();
    const { open, promise } = gate();
    const slow = system.spawn(scripted());
    system.tell(slow, () => promise);
    await settle();
    system.stop(slow);
    probe.watch(slow);
    await settle();
    probe.expectNothing();
    open();
    await settle();
    expect(probe.all()).toMatchObject([{ type: 'Terminated', reason: 'stopped' }]);
  });

  it('brings nothing after unwatch, also when Terminated waits in the mailbox', async () => {
    const { pid, settle, system } = await watcherAndWatched();
    const notes: string[] = [];
    const { open, promise } = gate();
    const watcher = system.spawn(scripted(notes));
    system.tell(watcher, async (context) => {
      context.watch(pid);
      await promise;
      context.unwatch(pid);
    });
    await settle();
    system.stop(pid);
    await settle();
    expect(system.backlogOf(watcher)).toBe(0);
    open();
    await settle();
    expect(notes).toEqual(['made', 'Started']);
  });

  it('brings Terminated after everything that the actor had sent', async () => {
    const { pid, probe, settle, system } = await watcherAndWatched();
    probe.watch(pid);
    system.tell(pid, (context) => {
      context.tell(probe.pid, 'last words');
      context.stop();
    });
    await settle();
    expect(probe.all()).toMatchObject(['last words', { type: 'Terminated' }]);
  });

  it('brings Terminated to each watcher, and to a parent that watches its child', async () => {
    const { probe, settle, system } = await watcherAndWatched();
    const notes: string[] = [];
    const parent = system.spawn(scripted(notes));
    system.tell(parent, (context) => {
      const child = context.spawnNamed(scripted(), 'child');
      context.watch(child);
      context.tell(probe.pid, 'spawned');
    });
    await settle();
    const child = system.find(`${parent.id}/child`) ?? system.nobody;
    probe.watch(child);
    await settle();
    system.stop(child);
    await settle();
    expect(notes).toEqual(['made', 'Started', 'Terminated']);
    expect(probe.all()).toMatchObject(['spawned', { type: 'Terminated', who: child }]);
  });

  it('tells a parent nothing of a child that it does not watch', async () => {
    const { settle, system } = await watcherAndWatched();
    const notes: string[] = [];
    const parent = system.spawn(scripted(notes));
    system.tell(parent, (context) => context.stop(context.spawn(scripted())));
    await settle();
    expect(notes).toEqual(['made', 'Started']);
  });

  it('lasts over restarts of both', async () => {
    const { settle, system } = await watcherAndWatched();
    const notes: string[] = [];
    const fail = (): never => {
      throw new Error('no');
    };
    const pid = system.spawn(scripted());
    const watcher = system.spawn(scripted(notes));
    system.tell(watcher, (context) => context.watch(pid));
    system.tell(watcher, fail);
    system.tell(pid, fail);
    await settle();
    expect(notes).not.toContain('Terminated');
    system.stop(pid);
    await settle();
    expect(notes.filter((note) => note === 'Terminated')).toHaveLength(1);
  });

  it('tells apart an actor and an earlier one of its name', async () => {
    const { probe, settle, system } = await watcherAndWatched();
    const first = system.spawnNamed(scripted(), 'name');
    probe.watch(first);
    system.stop(first);
    await settle();
    const second = system.spawnNamed(scripted(), 'name');
    probe.watch(second);
    await settle();
    expect(probe.all()).toMatchObject([{ who: first }]);
    system.stop(second);
    await settle();
    expect(probe.all()).toMatchObject([{ who: second }]);
  });

  it('ends with the watcher', async () => {
    const { pid, probe, settle, system } = await watcherAndWatched();
    const letters: unknown[] = [];
    system.events.subscribeAll((letter) => letters.push(letter));
    probe.watch(pid);
    system.stop(probe.pid);
    await settle();
    system.stop(pid);
    await settle();
    expect(letters).toEqual([]);
  });

  it('of oneself is refused', async () => {
    const { settle, system } = await watcherAndWatched();
    const codes: unknown[] = [];
    system.tell(system.spawn(scripted()), (context) => {
      try {
        context.watch(context.self);
      } catch (error) {
        codes.push((error as { code: unknown }).code);
      }
    });
    await settle();
    expect(codes).toEqual(['WATCH_SELF']);
  });

  it('brings exactly one Terminated whenever the last word was watch, and none when it was unwatch', async () => {
    const step = fc.constantFrom('watch', 'unwatch', 'stop', 'settle', 'fail');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), fc.integer(), async (steps, seed) => {
        const { settle, system } = createTestSystem({ seed });
        const probe = new TestProbe<string>(system);
        const pid = system.spawn(scripted());
        await settle();
        let isWatching = false;
        let heard = 0;
        const look = (): void => {
          const count = probe.all().length;
          heard += count;
          // Having been told, it watches no longer.
          if (count > 0) isWatching = false;
        };
        for (const kind of steps) {
          if (kind === 'stop') system.stop(pid);
          if (kind === 'settle') await settle();
          if (kind === 'fail') {
            system.tell(pid, () => {
              throw new Error('no');
            });
          }
          look();
          if (kind === 'unwatch') probe.unwatch(pid);
          if (kind === 'watch') probe.watch(pid);
          if (kind === 'watch' || kind === 'unwatch') isWatching = kind === 'watch';
        }
        await settle();
        look();
        system.stop(pid);
        const before = heard;
        const due = isWatching ? 1 : 0;
        await settle();
        look();
        expect(heard - before).toBe(due);
        await settle();
        probe.expectNothing();
      }),
      { numRuns: 200 },
    );
  });
});
