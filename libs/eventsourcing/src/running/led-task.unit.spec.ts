import { beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';
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

  it('says what it cannot get past, until it goes well', async () => {
    let isIll = true;
    const task = office.led('task', {
      follow: (signal, wentWell) => {
        if (isIll) return Promise.reject(new DomainError('EVENT_NOT_APPLIED', 'it cannot be read'));
        wentWell();
        return untilAborted(signal);
      },
    });
    for (let second = 0; second < 30; second++) {
      await office.time.advanceAsync(1000);
      expect(task.stoppedBy?.code).toBe('EVENT_NOT_APPLIED');
    }
    isIll = false;
    await office.time.advanceAsync(6000);
    expect(task.stoppedBy).toBeUndefined();
    await task.stop();
  });

  it('says so too where nobody can be elected', async () => {
    const task = office.led('task', { follow: untilAborted });
    await office.time.advanceAsync(1000);
    office.election.fail(new DomainError('STORE_UNAVAILABLE', 'the database is away', { kind: 'unavailable' }));
    for (let second = 0; second < 30; second++) {
      await office.time.advanceAsync(1000);
      expect(task.stoppedBy).toEqual({ code: 'STORE_UNAVAILABLE', reason: 'the database is away' });
    }
    office.election.fail(undefined);
    await office.time.advanceAsync(1000);
    expect([task.isLeader, task.stoppedBy]).toEqual([true, undefined]);
    await task.stop();
  });

  it('is taken over from a version that cannot by one that can, and nobody calls it stopped any more', async () => {
    const broken = office.led('task', { follow: () => Promise.reject(new TypeError('amount is undefined')) });
    await office.time.advanceAsync(1000);
    expect(broken.stoppedBy?.code).toBe('INTERNAL');
    const repaired = office.led('task', {
      follow: (signal, wentWell) => {
        wentWell();
        return untilAborted(signal);
      },
    });
    await office.time.advanceAsync(10_000);
    expect([broken.isLeader, repaired.isLeader]).toEqual([false, true]);
    expect([broken.stoppedBy, repaired.stoppedBy]).toEqual([undefined, undefined]);
    await broken.stop();
    await repaired.stop();
  });
});
