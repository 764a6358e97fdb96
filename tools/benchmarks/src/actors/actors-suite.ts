import type { Suite } from '../bench.js';
import { type LocalBench, localBench } from './local-bench.js';
import { remoteBench } from './remote-bench.js';

const quick = { seconds: 0.5, rounds: 5 };
/** One pass takes seconds, with some subjects. */
const slow = { seconds: 0.5, rounds: 3 };

const local: readonly LocalBench[] = [
  { ...quick, name: 'ping-pong', about: '4 pairs of actors, 100 messages of each on their way; both directions count' },
  { ...quick, name: 'flood', about: '4 pairs of actors, one way, 1000 messages in each turn of a sender' },
  { ...quick, name: 'ask', about: 'an actor asked from outside, one question after the other' },
  { ...quick, name: 'spawn', about: '100,000 actors spawned at the root until all have started; stopped untimed' },
  { ...slow, name: 'skynet', about: 'a million actors under a tree of ten branches each, which add up numbers' },
  {
    ...slow,
    name: 'memory',
    about: 'what each of 200,000 idle actors that have started keeps on the heap',
    cost: 'memory',
  },
];

const remote = [
  remoteBench({ ...quick, name: 'remote-flood', about: 'bodies of 64 bytes from one process to another, one way' }),
  remoteBench({
    ...quick,
    name: 'remote-ping-pong',
    about: 'bodies of 64 bytes there and back, 1000 on their way; both directions count',
  }),
];

/** The actor runtime beside others, and beside what the platform allows. */
export const actorsSuite: Suite = {
  name: 'actors',
  about: 'messages between actors, and actors themselves; all parts, or those that are named:',
  benches: [...local.map(localBench), ...remote],
};
