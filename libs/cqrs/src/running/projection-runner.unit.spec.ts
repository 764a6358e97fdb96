import { describe, expect, it } from '@jest/globals';
import { InMemoryCheckpoints, InMemoryEventStore } from '@rookery/eventsourcing/testing';
import type { Database } from '@rookery/postgres';
import { DomainError } from '@rookery/runtime';
import { VirtualTime } from '@rookery/runtime/testing';
import type { Projection } from './projection.js';
import { ProjectionRunner } from './projection-runner.js';

describe('who waits for a read model', () => {
  it('hears once why nobody can say how far that is', async () => {
    const time = new VirtualTime();
    const store = new InMemoryEventStore(time.clock);
    const checkpoints = new InMemoryCheckpoints();
    const reports: unknown[] = [];
    const runner = new ProjectionRunner({
      ...{ projection: { name: 'deposits', generation: 1, sources: [] } as unknown as Projection, store },
      ...{ clock: time.clock, scheduler: time, database: {} as Database, checkpoints: checkpoints as never },
      report: (error) => reports.push(error),
    });
    checkpoints.load = () => Promise.reject(new DomainError('STORE_UNAVAILABLE', 'away', { kind: 'unavailable' }));
    let isCaughtUp = false;
    void runner.caughtUp(new AbortController().signal).then(() => (isCaughtUp = true));
    await time.advanceAsync(10_000);
    expect([reports.length, isCaughtUp]).toEqual([1, false]);
    checkpoints.load = () => Promise.resolve(undefined);
    await time.advanceAsync(1000);
    expect([reports.length, isCaughtUp]).toEqual([1, true]);
  });
});
