import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FeedServiceClient } from '@rookery/contracts/nest';
import type { LogQuery, LogSlice } from '@rookery/eventsourcing';
import { InMemoryEventStore } from '@rookery/eventsourcing/testing';
import { RpcClient } from '@rookery/rpc';
import { HeldResolver, until } from '@rookery/testkit';
import { ScriptedStock } from '../src/testing/index.js';
import { FeedProvider, SERVICE, system } from './feed-provider.js';

const EVENTS = 40_000;
const EVERYTHING = { after: undefined, types: [], maxBatch: 0 };

class CountedStore extends InMemoryEventStore {
  pages = 0;

  override readLog(query: LogQuery): Promise<LogSlice> {
    if (query.limit > 0) this.pages++;
    return super.readLog(query);
  }
}

describe('a subscriber that stops reading', () => {
  let store: CountedStore;
  let provider: FeedProvider;
  let rpc: RpcClient;
  beforeEach(async () => {
    store = new CountedStore(system.clock);
    // Names so long that the log is some 30 MB: more than connections hold.
    const stock = new ScriptedStock(store);
    const quantities = Array.from({ length: EVENTS }, (_, index) => index);
    await stock.receive('tea'.padEnd(250, '-'), ...quantities);
    provider = await FeedProvider.start(store);
    const resolver = new HeldResolver([provider.instance]);
    const self = { service: 'caller', instanceId: 'caller-1', incarnation: 'only' };
    rpc = new RpcClient({ ...system, resolver, security: { isPlaintextAllowed: false }, self });
  });
  afterEach(async () => {
    await rpc.close();
    await provider.close();
  });

  it('has the provider read no further for it, while another reads everything', async () => {
    const client = rpc.client(FeedServiceClient, SERVICE);
    const stalled = client.subscribe(EVERYTHING)[Symbol.asyncIterator]();
    await stalled.next();
    let read = 0;
    const signal = new AbortController();
    for await (const { events, head } of client.subscribe(EVERYTHING, { signal: signal.signal })) {
      read += events.length;
      if (read === head) break;
    }
    expect(read).toBe(EVENTS);
    // Two readers of everything would take twice as many pages as the log has.
    expect(store.pages).toBeLessThan(1.5 * (EVENTS / 500));
    await stalled.return?.();
    await until('the provider has let both go', () => provider.feed.subscribers === 0);
  });
});
