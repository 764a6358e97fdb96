import { describe, expect, it } from '@jest/globals';
import { gate, type Script, scripted } from '../../test/scripted.js';
import { createTestSystem } from '../testing/index.js';
import { oneForOne, type Pid } from '../index.js';

describe('going on after a promise', () => {
  it('is a turn of its own with the message of then, and others are handled meanwhile', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const { open, promise } = gate();
    const pid = system.spawn(scripted(notes));
    const answer = system.ask(
      pid,
      (context) =>
        context.reenterAfter(promise, ({ status }) => {
          notes.push(`${status} ${typeof context.message} ${context.headers['trace'] ?? ''}`);
          context.reply('done');
        }),
      { headers: { trace: 't' } },
    );
    system.tell(pid, 'meanwhile');
    await settle();
    open();
    await settle();
    expect(notes).toEqual(['made', 'Started', 'meanwhile', 'fulfilled function t']);
    await expect(answer).resolves.toBe('done');
  });

  it('lets no other code in, however long it takes itself', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const first = gate();
    const second = gate();
    const pid = system.spawn(scripted(notes));
    system.tell(pid, (context) =>
      context.reenterAfter(first.promise, async ({ status }) => {
        notes.push(status);
        await second.promise;
        notes.push('end');
      }),
    );
    await settle();
    first.fail(new Error('no'));
    await settle();
    system.tell(pid, 'other');
    await settle();
    expect(notes).toEqual(['made', 'Started', 'rejected']);
    second.open();
    await settle();
    expect(notes).toEqual(['made', 'Started', 'rejected', 'end', 'other']);
  });

  it('waits for the handler that is running, and comes ahead of messages', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const { open, promise } = gate();
    const pid = system.spawn(scripted(notes));
    system.tell(pid, (context) => {
      context.reenterAfter(Promise.resolve(), () => void notes.push('went on'));
      return promise;
    });
    system.tell(pid, 'next');
    await settle();
    expect(notes).toEqual(['made', 'Started']);
    open();
    await settle();
    expect(notes).toEqual(['made', 'Started', 'went on', 'next']);
  });

  it('does not happen in a newer instance, nor after the end', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const { open, promise } = gate();
    const wait = (pid: Pid<Script>): void =>
      system.tell(pid, (context) => context.reenterAfter(promise, () => void notes.push('went on')));
    const failing = system.spawn(scripted());
    const stopping = system.spawn(scripted());
    wait(failing);
    wait(stopping);
    system.tell(failing, () => {
      throw new Error('no');
    });
    await settle();
    system.stop(stopping);
    open();
    await settle();
    expect(notes).toEqual([]);
  });

  it('takes anything with a `then` for a promise, even one that throws', async () => {
    const { settle, system } = createTestSystem();
    const outcomes: unknown[] = [];
    const broken: PromiseLike<void> = {
      then: () => {
        throw new Error('no');
      },
    };
    system.tell(system.spawn(scripted()), (context) =>
      context.reenterAfter(broken, (outcome) => void outcomes.push(outcome.status)),
    );
    await settle();
    expect(outcomes).toEqual(['rejected']);
  });

  it('that throws fails the actor, and the asker', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const pid = system.spawn(scripted(notes).withGuardian(oneForOne()));
    const refused = expect(
      system.ask(pid, (context) =>
        context.reenterAfter(Promise.resolve(), () => {
          throw new Error('no');
        }),
      ),
    ).rejects.toMatchObject({ code: 'TARGET_FAILED' });
    await settle();
    await refused;
    expect(notes).toEqual(['made', 'Started', 'Restarting', 'made', 'Started']);
  });
});
