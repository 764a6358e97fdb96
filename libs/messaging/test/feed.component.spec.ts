import { HeldResolver } from '@rookery/testkit';
import { describeMessaging, ScriptedStock } from '../src/testing/index.js';
import { ConsumerDatabase } from './consumer-database.js';
import { FeedProvider } from './feed-provider.js';

describeMessaging('feed over rpc, on PostgreSQL', async () => {
  const database = await ConsumerDatabase.create();
  const store = await database.store();
  const provider = await FeedProvider.start(store);
  const resolver = new HeldResolver([provider.instance]);
  return {
    stock: new ScriptedStock(store),
    start: (script) => database.start(script, resolver),
    written: (consumer) => database.written(consumer),
    close: async () => {
      await provider.close();
      await database.close();
    },
  };
});
