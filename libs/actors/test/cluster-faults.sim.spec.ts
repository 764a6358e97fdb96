import { describe, it } from '@jest/globals';
import { batches, playSeeds, seedsFrom } from '@rookery/runtime/testing';
import { GrainScript } from './grain-script.js';

const SEEDS = 300;
const BATCH = 10;
const STEPS = 50;

describe('grains of a cluster to which everything happens', () => {
  it.each(batches(SEEDS, BATCH))(
    'lose no acknowledged call and repeat none, and come to rest (seeds from %i)',
    (first) => playSeeds(seedsFrom(first, BATCH), STEPS, (seed, steps) => new GrainScript(seed).play(steps)),
  );
});

describe('grains of a cluster whose registry fails', () => {
  it.each(batches(SEEDS / 5, BATCH))('stay where they are (seeds from %i)', (first) =>
    playSeeds(seedsFrom(first, BATCH), STEPS, (seed, steps) =>
      new GrainScript(seed, { registryOnly: true }).play(steps),
    ),
  );
});
