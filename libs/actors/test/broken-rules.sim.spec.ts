import { describe, expect, it } from '@jest/globals';
import { GrainScript } from './grain-script.js';
import { RemoteScript } from './remote-script.js';
import type { Breach } from './remote-world.js';
import { firstFailing, playSeeds, type Simulation } from './seeds.js';

const SEEDS = Array.from({ length: 100 }, (_, index) => index + 1);
const STEPS = 60;

const broken =
  (breach: Breach): Simulation =>
  (seed, steps) =>
    new RemoteScript(seed, breach).play(steps);

describe('the simulation notices', () => {
  it.each<readonly [Breach, RegExp]>([
    ['repeats-frames', /is handled again/],
    ['loses-frames', /is lost uncounted/],
    ['tells-again', /is handled|hears message/],
  ])('a part that %s', async (breach, fault) => {
    const failing = await firstFailing(SEEDS, STEPS, broken(breach));
    expect(failing?.faults.join()).toMatch(fault);
  });

  it('a store that takes a version twice', async () => {
    const failing = await firstFailing(SEEDS, STEPS, (seed, steps) =>
      new GrainScript(seed, { hasFence: false }).play(steps),
    );
    expect(failing?.faults.join()).toMatch(/have one version/);
  });

  it('and tells the seed, the shortest script that fails and how to replay it', async () => {
    const failing = await firstFailing(SEEDS, STEPS, broken('repeats-frames'));
    const seed = failing?.seed ?? 0;
    const report = playSeeds([seed], STEPS, broken('repeats-frames'));
    await expect(report).rejects.toThrow(
      new RegExp(`^seed ${seed} fails after \\d+ of ${STEPS} steps; SEED=${seed} before`),
    );
    await expect(report).rejects.toThrow(/p0 starts[^]*is handled again/);
  });
});
