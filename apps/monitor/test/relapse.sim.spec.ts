import { describe, expect, it } from '@jest/globals';
import { SimulatedFleet } from './simulated-fleet.js';
import type { Behaviour } from './simulated-process.js';

const WELL: Behaviour = { code: 0, latencyMs: 4 };
const FAULTS = {
  slow: ['InstanceSlow', { code: 0, latencyMs: 300 }],
  hanging: ['InstanceSlow', { code: 0, latencyMs: 5000 }],
  failing: ['InstanceFailing', { code: 13, latencyMs: 1 }],
} as const;
type Fault = keyof typeof FAULTS;

const pairs = Object.keys(FAULTS).flatMap((first) => Object.keys(FAULTS).map((second) => [first, second]));

/** Two copies, so that balancers spare the ailing one as much as they can. */
function pair(seed: number, rate: number): SimulatedFleet {
  const fleet = new SimulatedFleet(seed, rate);
  for (const id of ['gateway-1', 'storefront-1', 'pricing-1', 'pricing-2']) fleet.start(id);
  fleet.time.advance(30_000);
  return fleet;
}

/** Advances until the first call since has begun, for at most 15 s: before that nobody can know. */
function untilCalled(fleet: SimulatedFleet): void {
  const { served } = fleet.get('pricing-1');
  const before = served.started;
  for (let ms = 0; ms < 15_000 && served.started === before; ms += 50) fleet.time.advance(50);
}

describe.each([5, 10])('a second fault right after a first, at %d calls/s per caller', (rate) => {
  it.each(pairs as [Fault, Fault][])(
    '%s, then %s, is named within 5 s of the first call that meets it',
    (first, second) => {
      for (const seed of [1, 2]) {
        const fleet = pair(seed, rate);
        fleet.get('pricing-1').answers = FAULTS[first][1];
        fleet.time.advance(12_000);
        fleet.get('pricing-1').answers = WELL;
        for (let ms = 0; ms < 60_000 && fleet.current.length > 0; ms += 500) fleet.time.advance(500);
        expect(fleet.current).toEqual([]);
        fleet.time.advance(3000);
        const [name, behaviour] = FAULTS[second];
        fleet.get('pricing-1').answers = behaviour;
        untilCalled(fleet);
        fleet.time.advance(5000);
        expect(fleet.alarms('firing')).toEqual([`${name} pricing-1`]);
        fleet.get('pricing-1').answers = WELL;
        fleet.time.advance(60_000);
        expect(fleet.alarms('firing')).toEqual([]);
        expect(fleet.fired().filter((alarm) => !alarm.endsWith('pricing-1'))).toEqual([]);
      }
    },
  );
});
