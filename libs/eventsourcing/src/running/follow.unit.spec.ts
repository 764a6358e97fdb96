import { describe, expect, it } from '@jest/globals';
import { follow, type Follower } from './follow.js';

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

/** Goes well as soon as it has begun. */
const willing: Follower = {
  follow: (signal, wentWell) => {
    wentWell();
    return untilAborted(signal);
  },
};

describe('followers that go on together', () => {
  it('all end when one fails, and say what that one said', async () => {
    let isEnded = false;
    const other: Follower = { follow: (signal) => untilAborted(signal).then(() => void (isEnded = true)) };
    const failing: Follower = { follow: () => Promise.reject(new Error('it is ill')) };
    const both = follow([other, failing], new AbortController().signal, () => undefined);
    await expect(both).rejects.toThrow('it is ill');
    expect(isEnded).toBe(true);
  });

  it('go well when each of them does', async () => {
    const end = new AbortController();
    let tell = (): void => undefined;
    let well = 0;
    const late: Follower = {
      follow: (signal, wentWell) => {
        tell = wentWell;
        return untilAborted(signal);
      },
    };
    const both = follow([willing, late], end.signal, () => void well++);
    expect(well).toBe(0);
    tell();
    expect(well).toBe(1);
    end.abort();
    await both;
  });
});
