import { beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';
import { unavailable } from '../../test/bank.js';
import type { LogPosition } from '../event-store.port.js';
import { happened, InMemoryCheckpoints, InMemoryEventStore, type InMemoryTransaction } from '../testing/index.js';
import { LogReader } from './log-reader.js';

const EVENTS = 2500;

class CountedCheckpoints extends InMemoryCheckpoints {
  moves = 0;

  override advance(...given: Parameters<InMemoryCheckpoints['advance']>): Promise<'advanced' | 'moved-by-another'> {
    this.moves++;
    return super.advance(...given);
  }
}

let time: VirtualTime;
let store: InMemoryEventStore;
let checkpoints: CountedCheckpoints;
let applied: number[];

beforeEach(async () => {
  time = new VirtualTime();
  store = new InMemoryEventStore(time.clock);
  checkpoints = new CountedCheckpoints();
  applied = [];
  const events = Array.from({ length: EVENTS }, () => happened('Added'));
  await store.append({ stream: 'list-1', expectedVersion: 0, events, commands: [] });
});

/** A reader of the one checkpoint; `meanwhile` happens while it applies. */
function reader(meanwhile: () => Promise<void> = () => Promise.resolve()): LogReader<InMemoryTransaction> {
  return new LogReader<InMemoryTransaction>({
    ...{ reader: 'lists', store, checkpoints, clock: time.clock, scheduler: time, sources: [{ name: 'list' }] },
    apply: async (events, transaction) => {
      await meanwhile();
      transaction.onCommit(() => applied.push(...events.map(({ position }) => position)));
    },
  });
}

/** A reader that cannot apply what stands at that position. */
function stumbling(position: number, error: Error): LogReader<InMemoryTransaction> {
  return new LogReader<InMemoryTransaction>({
    ...{ reader: 'lists', store, checkpoints, clock: time.clock, scheduler: time, sources: [{ name: 'list' }] },
    apply: async (events, transaction) => {
      if (events.some((event) => event.position === position)) throw error;
      transaction.onCommit(() => applied.push(...events.map((event) => event.position)));
    },
  });
}

/** Moves the checkpoint by one, as an operator does in SQL. */
async function passOver(position: number): Promise<void> {
  const from = await checkpoints.load('lists');
  expect(from?.position).toBe(position - 1);
  const { epoch } = from as LogPosition;
  await checkpoints.advance('lists', from, { epoch, position }, () => Promise.resolve());
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
    // Also what it tries again one by one.
    let failures = 2;
    const failing = reader(async () => {
      if (applied.length > 0 && failures-- > 0) throw new Error('the read model is not there');
    });
    await expect(followed(failing)).rejects.toThrow('the read model is not there');
    await followed(failing);
    expect(applied).toEqual(all);
  });

  it('stands right before an event that it cannot apply, and says which one that is', async () => {
    const failing = followed(stumbling(1234, new TypeError('amount is undefined')));
    await expect(failing).rejects.toMatchObject({
      code: 'EVENT_NOT_APPLIED',
      message:
        'the reader lists, its checkpoint at 1233, waits at position 1234 (Added list-1@1234): amount is undefined',
    });
    expect(applied).toEqual(all.slice(0, 1233));
    expect((await checkpoints.load('lists'))?.position).toBe(1233);
  });

  it.each([1, 1234])('goes on behind an event that an operator passes over, at position %i', async (broken) => {
    const one = stumbling(broken, new TypeError('amount is undefined'));
    await expect(followed(one)).rejects.toThrow(`position ${broken}`);
    await passOver(broken);
    await followed(one);
    expect(applied).toEqual(all.filter((position) => position !== broken));
  });

  it('blames no event when the store is away', async () => {
    const failing = followed(stumbling(1234, unavailable('STORE_UNAVAILABLE')));
    await expect(failing).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(applied).toEqual(all.slice(0, 1000));
  });

  it('moves its checkpoint over what does not concern it once in a while, and comes to the end of the log', async () => {
    await followed(reader());
    const { moves } = checkpoints;
    const end = new AbortController();
    const one = reader();
    const following = one.follow(end.signal, () => undefined);
    for (let version = 0; version < 100; version++) {
      await store.append({ stream: 'other-1', expectedVersion: version, events: [happened('Added')], commands: [] });
      await time.advanceAsync(100);
      expect(one.lag).toBeLessThanOrEqual(1);
    }
    expect(checkpoints.moves - moves).toBeLessThanOrEqual(11);
    await time.advanceAsync(1100);
    expect((await checkpoints.load('lists'))?.position).toBe(EVENTS + 100);
    end.abort();
    await following;
    expect(applied).toEqual(all);
  });
});
