import { beforeEach, describe, expect, it } from '@jest/globals';
import { happened, InMemoryCheckpoints, InMemoryEventStore } from '@rookery/eventsourcing/testing';
import type { Database } from '@rookery/postgres';
import { DomainError } from '@rookery/runtime';
import { VirtualTime } from '@rookery/runtime/testing';
import type { Projection } from './projection.js';
import { ProjectionRunner } from './projection-runner.js';

describe('who waits for a read model', () => {
  const projection = { name: 'deposits', generation: 1, sources: [{ name: 'account' }] } as unknown as Projection;
  let time: VirtualTime;
  let store: InMemoryEventStore;
  let checkpoints: InMemoryCheckpoints;
  let reports: unknown[];
  let runner: ProjectionRunner;
  beforeEach(() => {
    time = new VirtualTime();
    store = new InMemoryEventStore(time.clock);
    checkpoints = new InMemoryCheckpoints();
    reports = [];
    runner = new ProjectionRunner({
      ...{ projection, store, clock: time.clock, scheduler: time, database: {} as Database },
      ...{ checkpoints: checkpoints as never, report: (error: unknown) => void reports.push(error) },
    });
  });

  it('hears once why nobody can say how far that is', async () => {
    checkpoints.load = () => Promise.reject(new DomainError('STORE_UNAVAILABLE', 'away', { kind: 'unavailable' }));
    let isCaughtUp = false;
    void runner.caughtUp(new AbortController().signal).then(() => (isCaughtUp = true));
    await time.advanceAsync(10_000);
    expect([reports.length, isCaughtUp]).toEqual([1, false]);
    checkpoints.load = () => Promise.resolve(undefined);
    await time.advanceAsync(1000);
    expect([reports.length, isCaughtUp]).toEqual([1, true]);
  });

  it.each([
    ['does not wait for what that does not read, over which its checkpoint moves rarely', 'transfer-1', true],
    ['waits for what that reads', 'account-1', false],
  ])('%s', async (_name, stream, isExpected) => {
    const events = Array.from({ length: 500 }, () => happened('Deposited'));
    await store.append({ stream, expectedVersion: 0, events, commands: [] });
    let isCaughtUp = false;
    void runner.caughtUp(new AbortController().signal).then(() => (isCaughtUp = true));
    await time.advanceAsync(1000);
    expect(isCaughtUp).toBe(isExpected);
  });
});
