import { describe, expect, it } from '@jest/globals';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import type { LogPosition } from '../event-store.port.js';
import { InMemoryCheckpoints, InMemoryTimers } from '../testing/index.js';
import type { DueTimer, Timer } from '../timers.port.js';
import { TimerRunner, type TimerRunnerParts } from './timer-runner.js';

const time = new VirtualTime();
const after = (ms: number): Promise<void> => new Promise((resolve) => time.timer(ms, resolve));

/** A store that takes its time to say what is due. */
class DistantTimers extends InMemoryTimers {
  override async due(task: string, limit: number, without: readonly string[]): Promise<readonly DueTimer[]> {
    await after(2);
    return super.due(task, limit, without);
  }
}

/** Has so many timers due. */
async function set(timers: InMemoryTimers, count: number): Promise<void> {
  const all = Array.from({ length: count }, (_, index): Timer => ({ task: 'task', key: `${index}`, dueAt: 0 }));
  const end: LogPosition = { epoch: 'only', position: 1 };
  await new InMemoryCheckpoints().advance('task', undefined, end, (transaction) => timers.set(transaction, all, []));
}

function runnerOf(timers: InMemoryTimers, fire: TimerRunnerParts['fire']): TimerRunner {
  const random = new SeededRandom(1);
  return new TimerRunner({ task: 'task', timers, scheduler: time, random, report: () => undefined, fire });
}

/** A store that can be read and takes nothing. */
class FullTimers extends DistantTimers {
  override async postpone(): Promise<never> {
    await after(1);
    throw new Error('the disk is full');
  }
}

describe('timers that come to nothing', () => {
  it('besiege no store that cannot even postpone them', async () => {
    const timers = new FullTimers(time.clock);
    await set(timers, 300);
    let attempts = 0;
    const runner = runnerOf(timers, async () => {
      attempts++;
      await after(1);
      throw new Error('the disk is full');
    });
    const ending = new AbortController();
    const running = runner.follow(ending.signal, () => undefined);
    await time.advanceAsync(5000);
    expect(attempts).toBeGreaterThan(300);
    expect(attempts).toBeLessThan(128 * 6);
    ending.abort();
    await time.advanceAsync(0);
    await running;
  });
});

describe('timers of which more are due than are in hand at once', () => {
  it('are taken into hand as soon as there is room, also when that comes while others are looked for', async () => {
    const timers = new DistantTimers(time.clock);
    const rounds = 20;
    await set(timers, rounds * 128);
    let done = 0;
    // No two of one round end at once.
    const runner = runnerOf(timers, async ({ key }) => {
      await after(5 + (Number(key) % 11));
      done++;
      return 'done';
    });
    const ending = new AbortController();
    const running = runner.follow(ending.signal, () => undefined);
    await time.advanceAsync(rounds * (10 + 2 * 2));
    expect(done).toBe(rounds * 128);
    ending.abort();
    await time.advanceAsync(1000);
    await running;
  });
});
