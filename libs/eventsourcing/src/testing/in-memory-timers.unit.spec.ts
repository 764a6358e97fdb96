import { VirtualTime } from '@rookery/runtime/testing';
import { InMemoryTimers } from './in-memory-timers.js';
import { describeTimers } from './timers.contract.js';

describeTimers('memory', async () => {
  const { clock } = new VirtualTime();
  return {
    timers: new InMemoryTimers(clock),
    now: () => Promise.resolve(clock.now()),
    transaction: async (work) => {
      const acts: (() => void)[] = [];
      await work({ onCommit: (act) => acts.push(act) });
      for (const act of acts) act();
    },
    close: () => Promise.resolve(),
  };
});
