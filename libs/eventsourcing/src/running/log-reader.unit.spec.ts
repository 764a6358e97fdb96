import { beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';
import { happened, InMemoryCheckpoints, InMemoryEventStore, type InMemoryTransaction } from '../testing/index.js';
import { LogReader } from './log-reader.js';

const EVENTS = 2500;

let time: VirtualTime;
let store: InMemoryEventStore;
let checkpoints: InMemoryCheckpoints;
let applied: number[];

beforeEach(async () => {
  time = new VirtualTime();
  store = new InMemoryEventStore(time.clock);
  checkpoints = new InMemoryCheckpoints();
  applied = [];
  const events = Array.from({ length: EVENTS }, () => happened('Added'));
  await store.append({ stream: 'list-1', expectedVersion: 0, events, commands: [] });
});

/** A reader of the one checkpoint; `meanwhile` happens while it applies. */
function reader(meanwhile: () => Promise<void> = () => Promise.resolve()): LogReader<InMemoryTransaction> {
  return new LogReader<InMemoryTransaction>({
    ...{ reader: 'lists', store, checkpoints, scheduler: time, sources: [{ name: 'list' }] },
    apply: async (events, transaction) => {
      await meanwhile();
      transaction.onCommit(() => applied.push(...events.map(({ position }) => position)));
    },
  });
}

/** Until it has come to the end of the log. */
async function followed(one: LogReader<InMemoryTransaction>): Promise<void> {
  const end = new AbortController();
  await one.follow(end.signal, () => {
    if (one.lag === 0) end.abort();
  });
}

const all = Array.from({ length: EVENTS }, (_, index) => index + 1);

describe('a reader of the log', () => {
  it('applies each event once and in order, over as many slices as it takes', async () => {
    await followed(reader());
    expect(applied).toEqual(all);
  });

  it('applies nothing that another one applies at the same time', async () => {
    await Promise.all([followed(reader()), followed(reader())]);
    expect(applied).toEqual(all);
  });

  it('begins again where it failed', async () => {
    let failures = 1;
    const failing = reader(async () => {
      if (applied.length > 0 && failures-- > 0) throw new Error('the read model is not there');
    });
    await expect(followed(failing)).rejects.toThrow('the read model is not there');
    await followed(failing);
    expect(applied).toEqual(all);
  });
});
