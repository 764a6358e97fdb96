import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inventory, type messaging } from '@rookery/contracts/messages';
import type { LogQuery, LogSlice } from '@rookery/eventsourcing';
import { codeOf, InMemoryEventStore } from '@rookery/eventsourcing/testing';
import { VirtualTime } from '@rookery/runtime/testing';
import { IntegrationEvents } from '../publishing/integration-events.js';
import { Publication } from '../publishing/publication.js';
import { ScriptedStock, ScriptedStockEvents } from '../testing/scripted-stock.js';
import { Feed } from './feed.js';

class CountedStore extends InMemoryEventStore {
  pages = 0;
  looks = 0;
  failure: Error | undefined;

  override async readLog(query: LogQuery): Promise<LogSlice> {
    if (query.limit === 0) this.looks++;
    else this.pages++;
    if (this.failure !== undefined) throw this.failure;
    return super.readLog(query);
  }
}

const EVERYTHING: messaging.SubscribeRequest = { after: undefined, types: [], maxBatch: 0 };
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('Feed', () => {
  let time: VirtualTime;
  let store: CountedStore;
  let stock: ScriptedStock;
  let feed: Feed;
  let caller: AbortController;
  beforeEach(() => {
    time = new VirtualTime();
    store = new CountedStore(time.clock, 'epoch');
    stock = new ScriptedStock(store);
    feed = new Feed(new Publication('inventory', [new ScriptedStockEvents()]), time.clock, store, time);
    caller = new AbortController();
  });
  afterEach(() => caller.abort());

  function subscribe(over: Partial<messaging.SubscribeRequest> = {}) {
    return feed.subscribe({ ...EVERYTHING, ...over }, caller.signal);
  }

  async function next(stream: AsyncGenerator<messaging.SubscribeResponse>): Promise<messaging.SubscribeResponse> {
    const taken = stream.next();
    await time.advanceAsync(4000);
    const result = await taken;
    if (result.done === true) throw new Error('the stream has ended');
    return result.value;
  }

  it('says what happened, when, and to what', async () => {
    await stock.receive('tea', 3);
    const { end, events, head } = await next(subscribe());
    expect({ end, head }).toEqual({ end: { epoch: 'epoch', position: 1 }, head: 1 });
    expect(events).toEqual([
      expect.objectContaining({ type: 'rookery.inventory.v1.StockReceived', key: 'tea', position: 1 }),
    ]);
    expect(events[0]?.id).toMatch(/^inventory\/stock-tea@1\//);
  });

  it('names an event alike in each delivery, and unlike the one that takes its place in a restored log', async () => {
    await stock.receive('tea', 3);
    const [first, again] = [await next(subscribe()), await next(subscribe())];
    expect(first.events[0]?.id).toBe(again.events[0]?.id);
    const restored = new CountedStore(time.clock, 'another');
    await new ScriptedStock(restored).receive('tea', 5);
    const other = new Feed(new Publication('inventory', [new ScriptedStockEvents()]), time.clock, restored, time);
    const { events } = await next(other.subscribe(EVERYTHING, caller.signal));
    expect(events[0]?.id).not.toBe(first.events[0]?.id);
  });

  it('sends no more at once than is asked for, each batch with the position behind it', async () => {
    await stock.receive('tea', 1, 2, 3);
    await stock.count('tea');
    const stream = subscribe({ maxBatch: 2 });
    const batches = [await next(stream), await next(stream)];
    expect(batches.map(({ end, events }) => [events.length, end?.position])).toEqual([
      [2, 2],
      [1, 4],
    ]);
  });

  it('goes on where a subscriber was', async () => {
    await stock.receive('tea', 1, 2, 3);
    const { events } = await next(subscribe({ after: { epoch: 'epoch', position: 2 } }));
    expect(events.map(({ position }) => position)).toEqual([3]);
  });

  it('moves a subscriber past what it has not asked for, with a heartbeat', async () => {
    const stream = subscribe({ types: ['rookery.inventory.v1.ReservationExpired'] });
    expect(await next(stream)).toEqual({ events: [], end: { epoch: 'epoch', position: 0 }, head: 0 });
    await stock.receive('tea', 1, 2);
    expect(await next(stream)).toEqual({ events: [], end: { epoch: 'epoch', position: 2 }, head: 2 });
  });

  it('reads nothing for a subscriber that takes nothing', async () => {
    await stock.receive('tea', ...numbers(2000));
    const stream = subscribe({ maxBatch: 10 });
    await next(stream);
    await time.advanceAsync(60_000);
    expect([store.pages, store.looks]).toEqual([1, 0]);
  });

  it('looks once for all who wait, and reads one page for all who are at the same place', async () => {
    const streams = numbers(20).map(() => subscribe());
    for (const stream of streams) await next(stream);
    const before = { looks: store.looks, pages: store.pages };
    const waiting = streams.map((stream) => stream.next());
    await time.advanceAsync(1000);
    expect(store.looks - before.looks).toBeLessThanOrEqual(20);
    await stock.receive('tea', 7);
    await time.advanceAsync(100);
    for (const taken of await Promise.all(waiting)) expect(taken.value).toMatchObject({ events: [{ key: 'tea' }] });
    expect(store.pages - before.pages).toBeLessThanOrEqual(2);
  });

  it('looks no more when nobody waits', async () => {
    const stream = subscribe();
    await next(stream);
    const waiting = stream.next();
    await time.advanceAsync(1000);
    caller.abort();
    await waiting;
    await time.advanceAsync(1000);
    const { looks } = store;
    await time.advanceAsync(60_000);
    expect([store.looks, feed.subscribers]).toEqual([looks, 0]);
  });

  it.each([
    ['of another epoch', { epoch: 'another', position: 0 }],
    ['behind the end of the log', { epoch: 'epoch', position: 9 }],
  ])('refuses a position %s', async (_what, after) => {
    expect(await codeOf(subscribe({ after }).next())).toBe('LOG_REPLACED');
    expect(feed.subscribers).toBe(0);
  });

  it('refuses a type that it does not publish, so that nobody is led past it', async () => {
    const types = ['rookery.inventory.v1.StockReceived', 'rookery.orders.v1.OrderPlaced'];
    await expect(subscribe({ types }).next()).rejects.toThrow('not published here: rookery.orders.v1.OrderPlaced');
  });

  it('tells those who wait when the log cannot be read', async () => {
    const stream = subscribe();
    await next(stream);
    const failed = expect(stream.next()).rejects.toThrow('away');
    store.failure = new Error('away');
    await time.advanceAsync(100);
    await failed;
  });

  it('ends all streams when it ends, and takes no more', async () => {
    const stream = subscribe();
    await next(stream);
    const waiting = stream.next();
    feed.end();
    expect([(await waiting).done, (await subscribe().next()).done, feed.subscribers]).toEqual([true, true, 0]);
  });
});

describe('Publication', () => {
  it('refuses a type that is no message of an events contract, and says whose it is', () => {
    class Mistaken extends IntegrationEvents {
      readonly source = { name: 'stock' };
      readonly types = [inventory.Stock];
      readonly from = () => undefined;
    }
    expect(() => new Publication('inventory', [new Mistaken()])).toThrow(/^Mistaken has a type .*_events\.proto$/);
  });

  it('refuses two publishers of one source', () => {
    expect(() => new Publication('inventory', [new ScriptedStockEvents(), new ScriptedStockEvents()])).toThrow(
      'two publishers of the events of stock: ScriptedStockEvents and ScriptedStockEvents',
    );
  });
});
