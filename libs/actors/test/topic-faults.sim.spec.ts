import { describe, it } from '@jest/globals';
import { batches, playSeeds, seedsFrom } from '@rookery/runtime/testing';
import { TopicScript } from './topic-script.js';

const SEEDS = 200;
const BATCH = 10;
const STEPS = 50;

describe('topics of a cluster to which everything happens', () => {
  it.each(batches(SEEDS, BATCH))(
    'tell nothing twice or out of order, nobody who is not subscribed, and in the end all who are (seeds from %i)',
    (first) => playSeeds(seedsFrom(first, BATCH), STEPS, (seed, steps) => new TopicScript(seed).play(steps)),
  );
});

describe('topics of a cluster whose registry fails', () => {
  it.each(batches(SEEDS / 5, BATCH))('lose nothing (seeds from %i)', (first) =>
    playSeeds(seedsFrom(first, BATCH), STEPS, (seed, steps) =>
      new TopicScript(seed, { registryOnly: true }).play(steps),
    ),
  );
});
