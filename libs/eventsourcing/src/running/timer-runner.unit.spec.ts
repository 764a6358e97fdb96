import { describe, expect, it } from '@jest/globals';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import type { LogPosition } from '../event-store.port.js';
import { InMemoryCheckpoints, InMemoryTimers } from '../testing/index.js';
import type { DueTimer, Timer } from '../timers.port.js';
import { TimerRunner } from './timer-runner.js';

const time = new VirtualTime();
const after = (ms: number): Promise<void> => new Promise((resolve) => time.timer(ms, resolve));

/** A store that takes its time to say what is due. */
class DistantTimers extends InMemoryTimers {
  override async due(task: string, limit: number, without: readonly string[]): Promise<readonly DueTimer[]> {
    await after(2);
    return super.due(task, limit, without);
  }
}

describe('timers of which more are due than are in hand at once', () => {
  it('are taken into hand as soon as there is room, also when that comes while others are looked for', async () => {
    const timers = new DistantTimers(time.clock);
    const rounds = 20;
    const all = Array.from({ length: rounds * 128 }, (_, index): Timer => ({
      task: 'task',
      key: `${index}`,
      dueAt: 0,
    }));
    const end: LogPosition = { epoch: 'only', position: 1 };
    await new InMemoryCheckpoints().advance('task', undefined, end, (transaction) => timers.set(transaction, all, []));
    let done = 0;
    const runner = new TimerRunner({
      ...{ task: 'task', timers, scheduler: time, random: new SeededRandom(1), report: () => undefined },
      // No two of one round end at once.
      fire: async ({ key }) => {
        await after(5 + (Number(key) % 11));
        done++;
        return 'done';
      },
    });
    const ending = new AbortController();
    const running = runner.follow(ending.signal, () => undefined);
    await time.advanceAsync(rounds * (10 + 2 * 2));
    expect(done).toBe(all.length);
    ending.abort();
    await time.advanceAsync(1000);
    await running;
  });
});
