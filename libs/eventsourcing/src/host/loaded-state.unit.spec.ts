import { beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';
import { account } from '../../test/account.js';
import { Bank, deposit, STREAM } from '../../test/bank.js';
import type { Aggregate, Command } from '../aggregate.js';
import type { DomainEvent } from '../event.js';
import { InMemoryEventStore } from '../testing/in-memory-event-store.js';
import { AggregateHost } from './aggregate-host.js';
import { loadState } from './loaded-state.js';

/** As one writes it in TypeScript: of what the union does not list, `switch` makes nothing. */
const lamp = {
  name: 'lamp',
  initialState: () => ({ isLit: false }),
  decide: () => [],
  evolve(_, { type }) {
    switch (type) {
      case 'Lit':
        return { isLit: true };
    }
    return undefined;
  },
  answer: () => undefined,
} as Aggregate<{ isLit: boolean } | undefined, Command, DomainEvent>;

describe('a state', () => {
  it('is not made of an event that a newer version wrote and this one does not know: callers wait for that version', async () => {
    const store = new InMemoryEventStore(new VirtualTime().clock, 'epoch');
    const events = ['Lit', 'Dimmed'].map((type) => ({ event: { type }, schema: 1, metadata: {} }));
    await store.append({ stream: 'lamp-1', expectedVersion: 0, events, commands: [] });
    await expect(loadState(lamp, 'lamp-1', store)).rejects.toMatchObject({
      ...{ code: 'EVENT_UNKNOWN', kind: 'unavailable' },
      message: 'lamp-1 has an event Dimmed, of which this version of the code makes no state',
    });
  });
});

describe('a stream that lacks an event', () => {
  let bank: Bank;
  beforeEach(async () => {
    bank = new Bank();
    const one = bank.host();
    for (const amount of [1, 2, 4]) await bank.send(one, `deposit ${amount}`, deposit(amount));
  });

  it.each([1, 2])(
    'makes no state without version %i: whoever asks hears it, and nothing is decided',
    async (version) => {
      bank.store.lose(version);
      const damaged = {
        ...{ code: 'LOG_DAMAGED', kind: 'data-loss' },
        message: `${STREAM} lacks its version ${version}: no state is made without it`,
      };
      const one = bank.host();
      await expect(one.read()).rejects.toMatchObject(damaged);
      await expect(bank.send(one, 'a', deposit(8))).rejects.toMatchObject(damaged);
      expect(bank.store.appends).toHaveLength(3);
    },
  );

  it('is served where a snapshot knows what it lacks', async () => {
    const aggregate = { ...account, snapshots: { schema: 1, every: 100 } };
    await bank.store.saveSnapshot({ stream: STREAM, version: 2, schema: 1, state: { balance: 3 } });
    bank.store.lose(2);
    expect(await new AggregateHost({ ...bank.parts, aggregate }).read()).toMatchObject({ state: { balance: 7 } });
  });
});
