import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DueTimer, Timer, Timers } from '../timers.port.js';

/** Timers under test, and how to set them. */
export interface TimersSubject<Tx> {
  readonly timers: Timers<Tx>;
  /** What the clock of the store says. */
  now(): Promise<number>;
  /** Runs `work` in a transaction. */
  transaction(work: (transaction: Tx) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

const HOUR = 3_600_000;
const keys = (due: readonly DueTimer[]): readonly string[] => due.map(({ key }) => key);

/** What all timers promise. `open` is called for each test. */
export function describeTimers<Tx>(name: string, open: () => Promise<TimersSubject<Tx>>): void {
  describe(`timers in ${name}`, () => {
    let subject: TimersSubject<Tx>;
    beforeEach(async () => {
      subject = await open();
    });
    afterEach(() => subject.close());

    const set = (...timers: readonly Timer[]) => subject.transaction((tx) => subject.timers.set(tx, timers, []));
    const due = (task = 'expiry', limit = 10, without: readonly string[] = []) =>
      subject.timers.due(task, limit, without);
    const only = async (): Promise<DueTimer> => {
      const [timer] = await due();
      if (timer === undefined) throw new Error('no timer is due');
      return timer;
    };

    it('are found when they are due, the most overdue first, with what was said to them', async () => {
      const now = await subject.now();
      await set(
        { task: 'expiry', key: 'late', dueAt: now - 1000, payload: { order: 'ü\0', count: 2 } },
        { task: 'expiry', key: 'later', dueAt: now - 2000 },
        { task: 'expiry', key: 'not yet', dueAt: now + HOUR },
        { task: 'another', key: 'x', dueAt: now - 3000 },
      );
      await set({ task: 'expiry', key: 'now' });
      const found = await due();
      expect(keys(found)).toEqual(['later', 'late', 'now']);
      expect(found[1]).toMatchObject({ payload: { order: 'ü\0', count: 2 }, attempts: 0 });
      expect(keys(await due('expiry', 2))).toEqual(['later', 'late']);
      expect(keys(await due('expiry', 2, ['later']))).toEqual(['late', 'now']);
    });

    it('say when they were found, by the clock by which they are due', async () => {
      await set({ task: 'expiry', key: 'a' });
      const before = await subject.now();
      const { foundAt } = await only();
      expect(foundAt).toBeGreaterThanOrEqual(before);
      expect(foundAt).toBeLessThanOrEqual(await subject.now());
    });

    it('are due until they are done', async () => {
      await set({ task: 'expiry', key: 'a' });
      const timer = await only();
      expect(keys(await due())).toEqual(['a']);
      await subject.timers.done('expiry', [timer]);
      expect(await due()).toEqual([]);
    });

    it('stay when they were set again while they were done', async () => {
      await set({ task: 'expiry', key: 'a', payload: 1 });
      const timer = await only();
      await set({ task: 'expiry', key: 'a', payload: 2 });
      await subject.timers.done('expiry', [timer]);
      expect(await due()).toMatchObject([{ key: 'a', payload: 2 }]);
      await subject.timers.postpone('expiry', timer, { afterMs: HOUR, attempts: 1 });
      expect(await due()).toMatchObject([{ key: 'a', attempts: 0 }]);
    });

    it('come again after a pause, and know how often they came to nothing', async () => {
      await set({ task: 'expiry', key: 'a' });
      await subject.timers.postpone('expiry', await only(), { afterMs: 0, attempts: 3 });
      expect(await only()).toMatchObject({ attempts: 3 });
      await subject.timers.postpone('expiry', await only(), { afterMs: HOUR, attempts: 4 });
      expect(await due()).toEqual([]);
    });

    it('are set anew, also to a later time', async () => {
      await set({ task: 'expiry', key: 'a' });
      await set({ task: 'expiry', key: 'a', dueAt: (await subject.now()) + HOUR });
      expect(await due()).toEqual([]);
    });

    it('are taken back', async () => {
      await set({ task: 'expiry', key: 'a' }, { task: 'expiry', key: 'b' }, { task: 'another', key: 'a' });
      await subject.transaction((tx) => subject.timers.set(tx, [], [{ task: 'expiry', key: 'a' }]));
      expect([keys(await due()), keys(await due('another'))]).toEqual([['b'], ['a']]);
    });

    it('may be set and taken back in one breath: the setting counts', async () => {
      const timer = { task: 'expiry', key: 'a' };
      await subject.transaction((tx) =>
        subject.timers.set(
          tx,
          [
            { ...timer, payload: 1 },
            { ...timer, payload: 2 },
          ],
          [timer],
        ),
      );
      expect(await due()).toMatchObject([{ key: 'a', payload: 2 }]);
    });
  });
}
