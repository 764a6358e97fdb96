import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SystemScheduler } from './system-scheduler.js';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('the scheduler of the platform', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  // The platform itself takes no more than 24.8 days, and ends at once what is longer.
  it.each([1, 30, 60])('waits for %d days', (days) => {
    const scheduler = new SystemScheduler();
    const notes: string[] = [];
    scheduler.timer(days * DAY_MS, () => notes.push('once'));
    const every = scheduler.interval(days * DAY_MS, () => notes.push('often'));
    jest.advanceTimersByTime(days * DAY_MS - 1);
    expect(notes).toEqual([]);
    jest.advanceTimersByTime(days * DAY_MS + 1);
    expect(notes).toEqual(['once', 'often', 'often']);
    every.cancel();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('waits for ever where it is told so, until it is called off', () => {
    const scheduler = new SystemScheduler();
    const never = (): never => {
      throw new Error('for ever is over');
    };
    const timers = [scheduler.timer(Infinity, never), scheduler.interval(Infinity, never)];
    jest.advanceTimersByTime(100 * DAY_MS);
    for (const timer of timers) timer.cancel();
    expect(jest.getTimerCount()).toBe(0);
  });
});
