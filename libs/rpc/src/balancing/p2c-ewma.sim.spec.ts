import { describe, expect, it } from '@jest/globals';
import { failing, SimulatedTraffic, stalled, steady, type Tally } from '../../test/simulated-traffic.js';

const SEEDS = [1, 2, 3];
const OTHER_SEEDS = [4];
const SIZES = [2, 3, 5, 10];
const FAILURES = [
  ['UNKNOWN', 2],
  ['DEADLINE_EXCEEDED', 4],
  ['INTERNAL', 13],
  ['UNAVAILABLE', 14],
] as const;

function warm(size: number, seed: number, perSecond = 200): { traffic: SimulatedTraffic; ids: string[] } {
  const traffic = new SimulatedTraffic('p2c-ewma', seed, perSecond);
  const ids = traffic.addSteady(size);
  traffic.run(10_000);
  return { traffic, ids };
}

/** Share of the calls as a multiple of the fair share. */
function parity(tally: Tally, id: string, size: number): number {
  return tally.share(id) * size;
}

function expectFair(tally: Tally, ids: readonly string[]): void {
  for (const id of ids) {
    expect(parity(tally, id, ids.length)).toBeGreaterThan(0.8);
    expect(parity(tally, id, ids.length)).toBeLessThan(1.2);
  }
}

describe.each(SIZES)('p2c-ewma among %d instances, 200 calls/s', (size) => {
  describe.each(FAILURES)('one failing with %s in 1 ms', (_name, code) => {
    it.each(SEEDS)('loses its calls within 10 s and has them back within 30 s of recovery (seed %d)', (seed) => {
      const { traffic, ids } = warm(size, seed);
      traffic.set('i0', failing(code));
      traffic.run(10_000);
      expect(traffic.run(60_000).share('i0')).toBeLessThan(0.02);
      traffic.set('i0', steady);
      traffic.run(10_000);
      expectFair(traffic.run(20_000), ids);
    });
  });

  it.each(OTHER_SEEDS)('shares evenly among equals, and leaves none without calls for 10 s (seed %d)', (seed) => {
    const { traffic, ids } = warm(size, seed);
    for (let window = 0; window < 3; window++) {
      const tally = traffic.run(10_000);
      for (const id of ids) expect(parity(tally, id, size)).toBeGreaterThan(0.7);
    }
    expectFair(traffic.run(30_000), ids);
  });

  it.each(OTHER_SEEDS)('does not take a fast NOT_FOUND or FAILED_PRECONDITION for a failure (seed %d)', (seed) => {
    for (const code of [5, 9]) {
      const { traffic, ids } = warm(size, seed);
      traffic.set('i0', failing(code));
      traffic.run(10_000);
      const tally = traffic.run(20_000);
      // It is never busy, so it gets more than the others; no more than the least busy of two would get.
      expect(parity(tally, 'i0', size)).toBeGreaterThan(1);
      expect(parity(tally, 'i0', size)).toBeLessThan(1.7);
      for (const id of ids) expect(parity(tally, id, size)).toBeGreaterThan(0.4);
    }
  });

  it.each(OTHER_SEEDS)(
    'gives a five times slower one less, but not nothing, and its share back later (seed %d)',
    (seed) => {
      const { traffic, ids } = warm(size, seed);
      traffic.set('i0', { code: 0, fromMs: 50, toMs: 150 });
      traffic.run(10_000);
      for (let window = 0; window < 3; window++) {
        const slow = parity(traffic.run(10_000), 'i0', size);
        expect(slow).toBeGreaterThan(0.1);
        expect(slow).toBeLessThan(0.5);
      }
      traffic.set('i0', steady);
      traffic.run(30_000);
      expectFair(traffic.run(30_000), ids);
    },
  );

  it.each(OTHER_SEEDS)(
    'gives one that never answers almost nothing, without waiting for its first answer (seed %d)',
    (seed) => {
      const { traffic } = warm(size, seed);
      traffic.set('i0', stalled);
      expect(traffic.run(10_000).share('i0')).toBeLessThan(0.03);
      expect(traffic.run(30_000).share('i0')).toBeLessThan(0.01);
    },
  );

  it.each(OTHER_SEEDS)('spreads calls when all fail, and goes on when all recover (seed %d)', (seed) => {
    const { traffic, ids } = warm(size, seed);
    for (const id of ids) traffic.set(id, failing(14));
    traffic.run(10_000);
    expectFair(traffic.run(30_000), ids);
    for (const id of ids) traffic.set(id, steady);
    traffic.run(5000);
    expectFair(traffic.run(30_000), ids);
  });

  it.each(OTHER_SEEDS)('serves from the only one that is left when the others fail (seed %d)', (seed) => {
    const { traffic, ids } = warm(size, seed);
    for (const id of ids.slice(1)) traffic.set(id, failing(13));
    traffic.run(10_000);
    expect(traffic.run(30_000).share('i0')).toBeGreaterThan(0.97);
  });

  it.each([1, 5, 20, 1000])('bounds the share of a failing one at %d calls/s too', (perSecond) => {
    const { traffic } = warm(size, 1, perSecond);
    traffic.set('i0', failing(14));
    const stretchMs = (20_000 * 200) / perSecond;
    traffic.run(Math.max(10_000, stretchMs / 6));
    expect(traffic.run(stretchMs).share('i0')).toBeLessThan(0.025);
  });
});

describe('p2c-ewma among 3 instances', () => {
  it.each([
    ['RESOURCE_EXHAUSTED', 8],
    ['UNIMPLEMENTED', 12],
    ['DATA_LOSS', 15],
  ])('takes %s for a failure too', (_name, code) => {
    const { traffic } = warm(3, 1);
    traffic.set('i0', failing(code));
    traffic.run(10_000);
    expect(traffic.run(20_000).share('i0')).toBeLessThan(0.02);
  });
});

describe('p2c-ewma and a third instance', () => {
  it.each(SEEDS)('calls it within 1 s and gives it a third within 30 s (seed %d)', (seed) => {
    const { traffic, ids } = warm(2, seed);
    traffic.set('i2', steady);
    expect(traffic.run(1000).of('i2')).toBeGreaterThan(0);
    traffic.run(9000);
    expectFair(traffic.run(20_000), [...ids, 'i2']);
  });

  it.each(SEEDS)('does so though its first second is ten times slower (seed %d)', (seed) => {
    const { traffic, ids } = warm(2, seed);
    traffic.set('i2', { code: 0, fromMs: 100, toMs: 300 });
    expect(traffic.run(1000).of('i2')).toBeGreaterThan(0);
    traffic.set('i2', steady);
    traffic.run(19_000);
    expectFair(traffic.run(10_000), [...ids, 'i2']);
  });

  it.each(SEEDS)('shares out evenly when all three are new and their first calls slow (seed %d)', (seed) => {
    const traffic = new SimulatedTraffic('p2c-ewma', seed);
    const ids = traffic.addSteady(3);
    for (const id of ids) traffic.set(id, { code: 0, fromMs: 20, toMs: 400 });
    traffic.run(300);
    for (const id of ids) traffic.set(id, steady);
    traffic.run(10_000);
    expectFair(traffic.run(20_000), ids);
  });

  it.each(SEEDS)('honours static weights (seed %d)', (seed) => {
    const traffic = new SimulatedTraffic('p2c-ewma', seed);
    for (const [id, weight] of [
      ['i0', 50],
      ['i1', 100],
      ['i2', 150],
    ] as const) {
      traffic.set(id, steady, weight);
    }
    traffic.run(10_000);
    const tally = traffic.run(60_000);
    for (const [id, share] of [
      ['i0', 1 / 6],
      ['i1', 2 / 6],
      ['i2', 3 / 6],
    ] as const) {
      expect(tally.share(id) / share).toBeGreaterThan(0.8);
      expect(tally.share(id) / share).toBeLessThan(1.2);
    }
  });
});
