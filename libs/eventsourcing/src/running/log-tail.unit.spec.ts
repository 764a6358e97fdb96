import { beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';
import { VirtualTime } from '@rookery/runtime/testing';
import { account, type AccountCommand, type AccountEvent, type AccountState } from '../../test/account.js';
import { unavailable } from '../../test/bank.js';
import { eventIdOf } from '../event.js';
import type { LogQuery, LogSlice } from '../event-store.port.js';
import { codeOf, happened, InMemoryEventStore } from '../testing/index.js';
import { LogTail } from './log-tail.js';

class CountedStore extends InMemoryEventStore {
  reads = 0;
  failure: Error | undefined;

  life = 'first';
  lost: string | undefined;

  override async readLog({ after, ...query }: LogQuery): Promise<LogSlice> {
    this.reads++;
    if (this.failure !== undefined) throw this.failure;
    if (after !== undefined && after.epoch !== this.life) throw new DomainError('LOG_REPLACED', after.epoch);
    const slice = await super.readLog({ ...query, after: after && { ...after, epoch: 'in-memory' } });
    const events = slice.events.filter((event) => eventIdOf(event) !== this.lost);
    return { ...slice, events, end: { ...slice.end, epoch: this.life } };
  }
}

let time: VirtualTime;
let store: CountedStore;
let tail: LogTail<AccountState, AccountCommand, AccountEvent>;
let versions: Map<string, number>;

beforeEach(() => {
  time = new VirtualTime();
  store = new CountedStore(time.clock);
  tail = new LogTail({ aggregate: account, store, clock: time.clock, scheduler: time });
  versions = new Map();
});

async function deposit(id: string, amount: number): Promise<void> {
  const version = versions.get(id) ?? 0;
  versions.set(id, version + 1);
  const events = [happened('Deposited', { amount })];
  await store.append({ stream: `account-${id}`, expectedVersion: version, events, commands: [] });
}

/** Takes what comes as it comes; gives the balances so far, and how it ended. */
function watched(id: string, signal = new AbortController().signal) {
  const balances: number[] = [];
  const end = (async () => {
    for await (const { state } of tail.watch(id, signal)) balances.push(state.balance);
  })();
  end.catch(() => undefined);
  return { balances, end };
}

describe('a watcher of an aggregate', () => {
  it('sees it as it is, then after each event, once', async () => {
    await deposit('ada', 1);
    await deposit('ada', 2);
    const { balances } = watched('ada');
    await time.advanceAsync(50);
    expect(balances).toEqual([3]);
    await deposit('eve', 100);
    await deposit('ada', 4);
    await deposit('ada', 8);
    await time.advanceAsync(50);
    expect(balances).toEqual([3, 7, 15]);
  });

  it('ends where an event is missing in the log, instead of telling what is not so', async () => {
    const { balances, end } = watched('ada');
    await time.advanceAsync(50);
    store.lost = 'account-ada@2';
    for (const amount of [1, 2, 4]) await deposit('ada', amount);
    await time.advanceAsync(50);
    await expect(end).rejects.toMatchObject({ code: 'LOG_DAMAGED' });
    expect(balances).toEqual([0, 1]);
  });

  it('sees one that is not there yet come to be', async () => {
    const { balances } = watched('ada');
    await time.advanceAsync(50);
    await deposit('ada', 1);
    await time.advanceAsync(50);
    expect(balances).toEqual([0, 1]);
  });

  it('misses nothing that happens while it begins', async () => {
    const { balances } = watched('ada');
    for (let amount = 1; amount <= 20; amount++) {
      await deposit('ada', 1);
    }
    await time.advanceAsync(100);
    const first = balances[0] ?? -1;
    expect(balances).toEqual(Array.from({ length: 21 - first }, (_, nth) => first + nth));
  });

  it('comes back to its stream when it takes what comes late', async () => {
    const states = tail.watch('ada', new AbortController().signal);
    await states.next();
    for (let nth = 0; nth < 3; nth++) await deposit('ada', 1);
    await time.advanceAsync(50);
    for (const balance of [1, 2, 3]) expect((await states.next()).value).toMatchObject({ state: { balance } });
    await states.return();
  });

  it('hears that it is too slow instead of filling the memory', async () => {
    const states = tail.watch('ada', new AbortController().signal);
    await states.next();
    for (let nth = 0; nth <= 1000; nth++) await deposit('ada', 1);
    await time.advanceAsync(200);
    expect(await codeOf(states.next())).toBe('WATCH_TOO_SLOW');
  });

  it('ends in order when it is not wanted any more, also before anything has come', async () => {
    const stop = new AbortController();
    const { balances, end } = watched('ada', stop.signal);
    await time.advanceAsync(50);
    stop.abort();
    await end;
    expect(balances).toEqual([0]);
    await watched('ada', AbortSignal.abort()).end;
  });

  it('sees an outage of the store as a pause', async () => {
    const { balances } = watched('ada');
    await time.advanceAsync(50);
    store.failure = unavailable('STORE_UNAVAILABLE');
    await deposit('ada', 1);
    await time.advanceAsync(200);
    expect(balances).toEqual([0]);
    store.failure = undefined;
    await time.advanceAsync(100);
    expect(balances).toEqual([0, 1]);
  });

  it('hears at once when the store is away from the begin, and can try again', async () => {
    store.failure = unavailable('STORE_UNAVAILABLE');
    expect(await codeOf(watched('ada').end)).toBe('STORE_UNAVAILABLE');
    store.failure = undefined;
    const { balances } = watched('ada');
    await time.advanceAsync(50);
    expect(balances).toEqual([0]);
  });

  it('hears in time when the store says nothing, and costs nothing then', async () => {
    let open = (): void => undefined;
    const load = store.readStream.bind(store);
    store.readStream = async (...query) => {
      await new Promise<void>((resolve) => (open = resolve));
      return load(...query);
    };
    const states = tail.watch('ada', new AbortController().signal, 2500);
    let heardAt = Infinity;
    const code = codeOf(states.next().finally(() => (heardAt = time.clock.monotonic())));
    await time.advanceAsync(2500);
    expect(await code).toBe('STORE_UNAVAILABLE');
    expect(heardAt).toBe(2000);
    expect(time.pending).toBe(0);
    open();
  });

  it('is bounded by its deadline only until it has seen something', async () => {
    const states = tail.watch('ada', new AbortController().signal, 2500);
    await states.next();
    const next = states.next();
    await time.advanceAsync(5000);
    await deposit('ada', 1);
    await time.advanceAsync(50);
    expect((await next).value).toMatchObject({ state: { balance: 1 } });
    await states.return();
  });

  it('that comes when the log was replaced sees the new one, whoever else is told of the old one', async () => {
    const { balances, end } = watched('ada');
    const next = end.catch(() => watched('ada'));
    await time.advanceAsync(100);
    store.life = 'second';
    await deposit('eve', 1);
    await time.advanceAsync(100);
    expect(await codeOf(end)).toBe('LOG_REPLACED');
    await deposit('ada', 1);
    await time.advanceAsync(200);
    expect([balances, (await next)?.balances]).toEqual([[0], [0, 1]]);
  });

  it('hears when this process ends, and so does whoever comes then', async () => {
    const { end } = watched('ada');
    await time.advanceAsync(50);
    tail.end();
    expect(await codeOf(end)).toBe('WATCH_ENDED');
    expect(await codeOf(watched('ada').end)).toBe('WATCH_ENDED');
  });
});

describe('many watchers', () => {
  it('cost the log what one costs, and nothing when all have gone', async () => {
    const stop = new AbortController();
    const all = Array.from({ length: 500 }, (_, nth) => watched(`customer-${nth % 100}`, stop.signal));
    await time.advanceAsync(1000);
    expect(store.reads).toBeLessThan(30);
    await deposit('customer-7', 5);
    await time.advanceAsync(50);
    expect(all.filter(({ balances }) => balances.at(-1) === 5)).toHaveLength(5);
    stop.abort();
    await Promise.all(all.map(({ end }) => end));
    await time.advanceAsync(50);
    const before = store.reads;
    await time.advanceAsync(5000);
    expect(store.reads).toBe(before);
    expect(time.pending).toBe(0);
  });
});
