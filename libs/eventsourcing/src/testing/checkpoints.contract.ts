import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Checkpoints } from '../checkpoints.port.js';
import type { LogPosition } from '../event-store.port.js';

/** Checkpoints under test, and a list of words that effects write to in their transaction. */
export interface CheckpointsSubject<Tx> {
  readonly checkpoints: Checkpoints<Tx>;
  /** The same as another process has them. */
  readonly another: Checkpoints<Tx>;
  write(transaction: Tx, word: string): Promise<void>;
  written(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const at = (position: number, epoch = 'epoch-1'): LogPosition => ({ epoch, position });

/** What all checkpoints promise. `open` is called for each test. */
export function describeCheckpoints<Tx>(name: string, open: () => Promise<CheckpointsSubject<Tx>>): void {
  describe(`checkpoints in ${name}`, () => {
    let subject: CheckpointsSubject<Tx>;
    beforeEach(async () => {
      subject = await open();
    });
    afterEach(() => subject.close());
    const writing = (word: string) => (transaction: Tx) => subject.write(transaction, word);
    const nothing = async (): Promise<void> => undefined;

    it('begin with nothing and move with their effect', async () => {
      const { another, checkpoints } = subject;
      expect(await checkpoints.load('summary')).toBeUndefined();
      expect(await checkpoints.advance('summary', undefined, at(5), writing('a'))).toBe('advanced');
      expect(await another.load('summary')).toEqual(at(5));
      expect(await another.advance('summary', at(5), at(9), writing('b'))).toBe('advanced');
      expect(await checkpoints.load('summary')).toEqual(at(9));
      expect(await subject.written()).toEqual(['a', 'b']);
    });

    it('belong to one reader each', async () => {
      const { checkpoints } = subject;
      await checkpoints.advance('summary', undefined, at(5), nothing);
      expect(await checkpoints.load('another')).toBeUndefined();
      expect(await checkpoints.advance('another', undefined, at(7), nothing)).toBe('advanced');
      expect(await checkpoints.load('summary')).toEqual(at(5));
    });

    it.each([
      ['begun already', undefined],
      ['moved on', at(4)],
      ['of another epoch', at(5, 'epoch-2')],
      ['further ahead', at(6)],
    ])('stay where they are, and nothing is done, when one is %s', async (_how, from) => {
      const { checkpoints } = subject;
      await checkpoints.advance('summary', undefined, at(5), nothing);
      expect(await checkpoints.advance('summary', from, at(9), writing('a'))).toBe('moved-by-another');
      expect([await checkpoints.load('summary'), await subject.written()]).toEqual([at(5), []]);
    });

    it('move from nowhere only when none has begun', async () => {
      expect(await subject.checkpoints.advance('summary', at(5), at(9), writing('a'))).toBe('moved-by-another');
      expect([await subject.checkpoints.load('summary'), await subject.written()]).toEqual([undefined, []]);
    });

    it('may move into another epoch, and back in their own', async () => {
      const { checkpoints } = subject;
      await checkpoints.advance('summary', undefined, at(5), nothing);
      expect(await checkpoints.advance('summary', at(5), at(1, 'epoch-2'), nothing)).toBe('advanced');
      expect(await checkpoints.load('summary')).toEqual(at(1, 'epoch-2'));
    });

    it('stay where they are when the effect fails, and all of it is undone', async () => {
      const { checkpoints } = subject;
      await checkpoints.advance('summary', undefined, at(5), nothing);
      const failing = async (transaction: Tx): Promise<void> => {
        await subject.write(transaction, 'a');
        throw new Error('the effect failed');
      };
      await expect(checkpoints.advance('summary', at(5), at(9), failing)).rejects.toThrow(/^the effect failed$/);
      expect([await checkpoints.load('summary'), await subject.written()]).toEqual([at(5), []]);
      expect(await checkpoints.advance('summary', at(5), at(9), nothing)).toBe('advanced');
    });

    it('are moved by one of many who try at once, also when none has begun', async () => {
      const tryAll = async (from: LogPosition | undefined, to: LogPosition) => {
        const { another, checkpoints } = subject;
        const tries = Array.from({ length: 8 }, (_, index) =>
          (index % 2 === 0 ? checkpoints : another).advance('summary', from, to, writing(`${to.position}`)),
        );
        return (await Promise.all(tries)).filter((outcome) => outcome === 'advanced').length;
      };
      expect([await tryAll(undefined, at(5)), await tryAll(at(5), at(9))]).toEqual([1, 1]);
      expect(await subject.written()).toEqual(['5', '9']);
    });
  });
}
