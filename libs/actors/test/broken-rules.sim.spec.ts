import { describe, expect, it } from '@jest/globals';
import { firstFailing, playSeeds, type Simulation } from '@rookery/runtime/testing';
import type { Breach } from './breaches.js';
import type { Credulity } from './credulous-member.js';
import { GrainScript } from './grain-script.js';
import { RemoteScript } from './remote-script.js';

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
    ['forgets-ends', /is never told that .* has ended/],
    ['repeats-ends', /hears that .* has ended .* and does not watch it/],
    ['forgets-orders', /(stops|poisons) .* has no effect/],
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

  it.each<readonly [Credulity, RegExp]>([
    ['forgets', /has forgotten a member/],
    ['retires', /has ended an activation/],
  ])('a member that %s whom an empty registry, or a silent one, does not list', async (credulity, fault) => {
    const failing = await firstFailing(SEEDS, STEPS, (seed, steps) =>
      new GrainScript(seed, { credulity, registryOnly: true }).play(steps),
    );
    expect(failing?.faults.join()).toMatch(fault);
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
