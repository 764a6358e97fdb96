import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Election, Leadership } from '../leadership.port.js';

/** An election in which nobody leads yet. */
export interface ElectionSubject {
  readonly election: Election;
  /** The same one as another process takes part in it. */
  readonly another: Election;
  /** Cuts off the process of `election`, which leads in this task, without a word to it. */
  cutOff(task: string): Promise<void>;
  close(): Promise<void>;
}

/** What every election promises. `open` is called for each test. */
export function describeElection(name: string, open: () => Promise<ElectionSubject>): void {
  describe(`an election in ${name}`, () => {
    let subject: ElectionSubject;
    const end = new AbortController();
    beforeEach(async () => {
      subject = await open();
    });
    afterEach(() => subject.close());

    it.each(['another', 'election'] as const)('lets one lead at a time; the next is in %s', async (process) => {
      const first = await subject.election.lead('task', end.signal);
      let hasChanged = false;
      const second = subject[process].lead('task', end.signal);
      void second.then(() => (hasChanged = true));
      await (await subject.another.lead('to let time pass', end.signal)).release();
      expect([hasChanged, first.signal.aborted]).toEqual([false, false]);
      await first.release();
      expect(first.signal.aborted).toBe(true);
      expect((await second).signal.aborted).toBe(false);
    });

    it('lets each task have a leader of its own', async () => {
      const leaders = [
        await subject.election.lead('a', end.signal),
        await subject.another.lead('b', end.signal),
        await subject.election.lead('c', end.signal),
      ];
      expect(leaders.map(({ signal }) => signal.aborted)).toEqual([false, false, false]);
    });

    it('lets a candidate give up, and keeps no place for it', async () => {
      const first = await subject.election.lead('task', end.signal);
      const impatient = new AbortController();
      const second = subject.another.lead('task', impatient.signal);
      impatient.abort(new Error('too long'));
      await expect(second).rejects.toThrow('too long');
      await expect(subject.another.lead('task', impatient.signal)).rejects.toThrow('too long');
      await first.release();
      const third = await subject.election.lead('task', end.signal);
      expect(third.signal.aborted).toBe(false);
    });

    it('may be given up twice', async () => {
      const first = await subject.election.lead('task', end.signal);
      await first.release();
      const second = await subject.another.lead('task', end.signal);
      await first.release();
      expect(second.signal.aborted).toBe(false);
    });

    it('tells a leader that was cut off, and another leads', async () => {
      const first = await subject.election.lead('task', end.signal);
      const told = new Promise((resolve) => first.signal.addEventListener('abort', resolve));
      const second = subject.another.lead('task', end.signal);
      await subject.cutOff('task');
      await told;
      expect((await second).signal.aborted).toBe(false);
      await (await second).release();
      const again = await subject.election.lead('task', end.signal);
      expect(again.signal.aborted).toBe(false);
    });

    it('never lets two lead at once, however many want to', async () => {
      let atOnce = 0;
      const seen: number[] = [];
      const serve = async (leadership: Leadership): Promise<void> => {
        seen.push(++atOnce);
        await Promise.resolve();
        atOnce--;
        await leadership.release();
      };
      const candidates = Array.from({ length: 6 }, (_, index) =>
        (index % 2 === 0 ? subject.election : subject.another).lead('task', end.signal).then(serve),
      );
      await Promise.all(candidates);
      expect(seen).toEqual([1, 1, 1, 1, 1, 1]);
    });
  });
}
