import { beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';
import { VirtualTime } from '@rookery/runtime/testing';
import { codeOf } from './testing/index.js';
import { inTime } from './in-time.js';

let time: VirtualTime;

beforeEach(() => {
  time = new VirtualTime();
});

const answerIn = (delayMs: number): Promise<string> =>
  new Promise((resolve) => time.timer(delayMs, () => resolve('answer')));

const bounded = <T>(answer: Promise<T>, deadlineAt?: number): Promise<T> =>
  inTime(answer, deadlineAt, { clock: time.clock, scheduler: time }, () => new DomainError('TOO_SLOW', 'too slow'));

describe('what somebody waits for until a deadline', () => {
  it('is given when it comes in time, and leaves no timer behind', async () => {
    const answer = bounded(answerIn(1000), 2500);
    await time.advanceAsync(1000);
    expect(await answer).toBe('answer');
    expect(time.pending).toBe(0);
  });

  it('is an error a little ahead of the deadline when it does not', async () => {
    let heardAt = Infinity;
    const code = codeOf(bounded(answerIn(5000), 2500).finally(() => (heardAt = time.clock.monotonic())));
    await time.advanceAsync(5000);
    expect(await code).toBe('TOO_SLOW');
    expect(heardAt).toBe(2000);
  });

  it('may fail when nobody waits for it any more', async () => {
    let fail = (_error: unknown): void => undefined;
    const code = codeOf(bounded(new Promise((_resolve, reject) => (fail = reject)), 2500));
    await time.advanceAsync(2500);
    fail(new Error('late'));
    expect(await code).toBe('TOO_SLOW');
  });

  it('is waited for without a timer where there is no deadline', async () => {
    for (const deadlineAt of [undefined, Infinity]) {
      const answer = bounded(Promise.resolve('answer'), deadlineAt);
      expect(time.pending).toBe(0);
      expect(await answer).toBe('answer');
    }
  });
});
