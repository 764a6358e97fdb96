import { beforeEach, describe, expect, it } from '@jest/globals';
import { Office } from '../../test/office.js';

let office: Office;

beforeEach(() => {
  office = new Office();
});

/** Works until it is told to end. */
function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

describe('a led task', () => {
  it('is done by one, and by the next when that one stops', async () => {
    const [first, second] = [
      office.led('task', { follow: untilAborted }),
      office.led('task', { follow: untilAborted }),
    ];
    await office.time.advanceAsync(100);
    expect([first.isLeader, second.isLeader]).toEqual([true, false]);
    await first.stop();
    await office.time.advanceAsync(100);
    expect([first.isLeader, second.isLeader]).toEqual([false, true]);
    await second.stop();
  });

  it('begins again after a failure, after pauses that grow while it does not go well', async () => {
    const begun: number[] = [];
    office.led('task', {
      follow: () => {
        begun.push(office.time.clock.now());
        return Promise.reject(new Error('the store is away'));
      },
    });
    await office.time.advanceAsync(60_000);
    const pauses = begun.slice(1).map((at, index) => at - (begun[index] ?? 0));
    expect(Math.max(...pauses)).toBeGreaterThan(1000);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(5000);
    expect(office.reports).toHaveLength(begun.length);
  });

  it('that goes well for a while is begun again without a long pause', async () => {
    let begun = 0;
    office.led('task', {
      follow: (_signal, wentWell) => {
        begun++;
        wentWell();
        return Promise.reject(new Error('the store is away'));
      },
    });
    await office.time.advanceAsync(10_000);
    expect(begun).toBeGreaterThan(100);
  });

  it('ends when its process is deposed, and is begun again when that leads again', async () => {
    let ended = 0;
    const task = office.led('task', {
      follow: async (signal) => {
        await untilAborted(signal);
        ended++;
      },
    });
    await office.time.advanceAsync(100);
    office.election.depose('task');
    await office.time.advanceAsync(1000);
    expect([ended, task.isLeader]).toEqual([1, true]);
  });

  it('stops also while it waits to lead, or for its next attempt', async () => {
    office.led('task', { follow: untilAborted });
    const waits = office.led('task', { follow: untilAborted });
    const fails = office.led('another', { follow: () => Promise.reject(new Error('no')) });
    await office.time.advanceAsync(1000);
    await waits.stop();
    await fails.stop();
    expect(waits.isLeader).toBe(false);
  });
});
