import { SystemClock } from '@rookery/runtime';
import { describeEventStore, InMemoryEventStore } from './index.js';

describeEventStore('memory', async () => {
  const store = new InMemoryEventStore(new SystemClock());
  return { store, another: store, disturb: async () => async () => undefined, close: async () => undefined };
});
