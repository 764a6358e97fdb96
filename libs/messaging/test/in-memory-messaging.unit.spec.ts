import { InMemoryCheckpoints, InMemoryEventStore, type InMemoryTransaction } from '@rookery/eventsourcing/testing';
import { SystemClock, SystemScheduler } from '@rookery/runtime';
import { Feed } from '../src/feed/feed.js';
import { Publication } from '../src/publishing/publication.js';
import {
  describeMessaging,
  InMemoryInbox,
  InMemoryTransport,
  ScriptedConsumer,
  ScriptedStock,
  ScriptedStockEvents,
} from '../src/testing/index.js';

describeMessaging('memory', async () => {
  const clock = new SystemClock();
  const store = new InMemoryEventStore(clock);
  const publication = new Publication('inventory', [new ScriptedStockEvents()]);
  const feed = new Feed(publication, clock, store, new SystemScheduler());
  const shared = {
    service: 'inventory',
    transport: new InMemoryTransport(new Map([['inventory', feed]])),
    checkpoints: new InMemoryCheckpoints(),
    inbox: new InMemoryInbox(),
  };
  const words = new Map<string, string[]>();
  const write = async (transaction: InMemoryTransaction, consumer: string, word: string): Promise<void> =>
    transaction.onCommit(() => void words.set(consumer, [...(words.get(consumer) ?? []), word]));
  return {
    stock: new ScriptedStock(store),
    start: (script) => new ScriptedConsumer(script, { ...shared, write, cut: async () => undefined }),
    written: async (consumer) => words.get(consumer) ?? [],
    close: async () => undefined,
  };
});
