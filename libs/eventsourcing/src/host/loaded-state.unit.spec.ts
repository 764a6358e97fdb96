import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';
import type { Aggregate, Command } from '../aggregate.js';
import type { DomainEvent } from '../event.js';
import { InMemoryEventStore } from '../testing/in-memory-event-store.js';
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
