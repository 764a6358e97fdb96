import { describe, expect, it } from '@jest/globals';
import { batches, firstFailing, playSeeds, seedsFrom } from '@rookery/runtime/testing';
import type { Breach } from './chronicle.js';
import { HostsScript } from './hosts-script.js';

const SEEDS = 320;
const BATCH = 20;
const STEPS = 60;

describe('hosts of the same aggregates, whatever happens to them and to the way to their store', () => {
  it.each(batches(SEEDS, BATCH))('lose nothing and do nothing twice (seeds from %i)', (first) =>
    playSeeds(seedsFrom(first, BATCH), STEPS, (seed, steps) => new HostsScript(seed).play(steps)),
  );
});

describe('the simulation notices', () => {
  it.each<readonly [Breach, RegExp]>([
    ['ignores-versions', /is of c\d+, but recorded for/],
    ['forgets-answers', /is of c\d+, but recorded for undefined/],
    ['postdates-snapshots', /the snapshot .* is/],
    ['takes-unknown-for-failed', /was denied each time, and was carried out/],
    ['takes-unknown-for-done', /says .* recorded is/],
    ['acknowledges-early', /was committed/],
    ['trusts-for-ever', /was known to all/],
  ])('that somebody %s', async (breach, fault) => {
    const seeds = Array.from({ length: 50 }, (_, index) => index + 1);
    const failing = await firstFailing(seeds, STEPS, (seed, steps) => new HostsScript(seed, breach).play(steps));
    expect(failing?.faults.join('\n')).toMatch(fault);
  });
});
