import { describe, it } from '@jest/globals';
import { batches, playSeeds, seedsFrom } from '@rookery/runtime/testing';
import { RemoteScript } from './remote-script.js';

const SEEDS = 1800;
const BATCH = 50;
const STEPS = 60;

describe('actors of several processes, whatever happens to these and to what lies between them', () => {
  it.each(batches(SEEDS, BATCH))('keep their laws (seeds from %i)', (first) =>
    playSeeds(seedsFrom(first, BATCH), STEPS, (seed, steps) => new RemoteScript(seed).play(steps)),
  );
});
