import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Aggregate, AggregateHost } from '@rookery/eventsourcing';
import { InMemoryEventStore } from '@rookery/eventsourcing/testing';
import { VirtualTime } from '@rookery/runtime/testing';
import { Aggregates } from '../aggregates.js';
import type { AnyAggregate, AnyHost } from './any-aggregate.js';
import { CommandScope, runInCommandScope } from './command-scope.js';

interface Add {
  readonly type: 'Add';
  readonly amount: number;
}

interface Added {
  readonly type: 'Added';
  readonly amount: number;
}

const sum: Aggregate<number, Add, Added, number> = {
  name: 'sum',
  initialState: () => 0,
  decide: (_state, { amount }) => [{ type: 'Added', amount }],
  evolve: (state, { amount }) => state + amount,
  answer: (state) => state,
};

let aggregates: Aggregates;
let time: VirtualTime;
let store: InMemoryEventStore;
let host: AnyHost;

beforeEach(() => {
  time = new VirtualTime();
  aggregates = new Aggregates(time.clock, time);
  store = new InMemoryEventStore(time.clock);
  const parts = { aggregate: sum, stream: 'sum-1', store, clock: time.clock, scheduler: time, report: () => undefined };
  host = new AggregateHost(parts) as unknown as AnyHost;
});

interface Call {
  readonly id: string;
  readonly principal?: string;
  readonly body?: string;
  readonly timeoutMs?: number;
}

/** What handlers do for a call of the grain that hosts the sum. */
function calling<T>(
  { id, principal = 'ada', body = '', timeoutMs = 1000 }: Call,
  handler: () => Promise<T>,
): Promise<T> {
  const deadlineAt = time.clock.monotonic() + timeoutMs;
  const facts = { commandId: id, principal, requestHash: body, deadlineAt, metadata: {} };
  return runInCommandScope(new CommandScope(sum as unknown as AnyAggregate, '1', host, facts), handler);
}

const add = (amount: number, commandId?: string): Promise<number> =>
  aggregates.execute(sum, '1', { type: 'Add', amount }, commandId === undefined ? {} : { commandId });

describe('the commands of a call', () => {
  it('are each done once, however often the call is repeated', async () => {
    const both = async () => [await add(1), await add(10)];
    expect(await calling({ id: 'a' }, both)).toEqual([1, 11]);
    expect(await calling({ id: 'a' }, both)).toEqual([1, 11]);
    expect(await calling({ id: 'b' }, both)).toEqual([12, 22]);
  });

  it('that have names of their own are done once, whatever call they come in', async () => {
    expect(await calling({ id: 'a', principal: 'ada', body: 'one' }, () => add(1, 'found'))).toBe(1);
    expect(await calling({ id: 'b', principal: 'bob', body: 'two' }, () => add(2, 'found'))).toBe(1);
    expect(await calling({ id: 'c' }, () => add(5))).toBe(6);
  });

  it('that have names of their own leave the ids of the call as they are', async () => {
    expect(await calling({ id: 'a' }, async () => [await add(1, 'found'), await add(10)])).toEqual([1, 11]);
    // Next time somebody else has found it out.
    expect(await calling({ id: 'a' }, () => add(10))).toBe(11);
  });

  it('are not mixed up with a call whose sender chose such a name for it', async () => {
    expect(await calling({ id: 'found', principal: '', body: 'one' }, () => add(1))).toBe(1);
    expect(await calling({ id: 'a' }, () => add(10, 'found'))).toBe(11);
  });

  it('are refused when nobody waits any more, unless they have names of their own', async () => {
    const late = { timeoutMs: 0 };
    await expect(calling({ id: 'a', ...late }, () => add(1))).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(await calling({ id: 'b', ...late }, () => add(10, 'found'))).toBe(10);
  });

  it('are waited for no longer than the call has time, also those that outlive it', async () => {
    let open = (): void => undefined;
    const append = store.append.bind(store);
    store.append = async (one) => {
      await new Promise<void>((resolve) => (open = resolve));
      return append(one);
    };
    const told = expect(calling({ id: 'a' }, () => add(10, 'found'))).rejects.toMatchObject({
      ...{ code: 'OUTCOME_UNKNOWN', kind: 'unavailable', metadata: { commandId: 'a' } },
    });
    await time.advanceAsync(1000);
    await told;
    store.append = append;
    open();
    await time.advanceAsync(0);
    expect(await calling({ id: 'b' }, () => add(7, 'found'))).toBe(10);
  });

  it('are for the aggregate of the called grain alone', async () => {
    const elsewhere = () => aggregates.execute(sum, '2', { type: 'Add', amount: 1 });
    await expect(calling({ id: 'a' }, async () => elsewhere())).rejects.toThrow('call that grain');
    expect(elsewhere).toThrow('call that grain');
  });
});
