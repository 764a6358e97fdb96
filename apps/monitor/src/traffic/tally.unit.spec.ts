import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Counts } from './report.js';
import { Tally } from './tally.js';

const someCounts: fc.Arbitrary<Counts> = fc.record({
  codes: fc.array(fc.tuple(fc.nat(16), fc.nat(1000)), { maxLength: 6 }),
  buckets: fc.array(fc.tuple(fc.nat(127), fc.nat(1000)), { maxLength: 12 }),
  sumMicros: fc.nat(1_000_000),
  maxInFlight: fc.nat(500),
});

const figures = (tally: Tally) => ({
  codes: tally.byCode(),
  quantiles: [0.1, 0.5, 0.9, 0.99].map((q) => tally.quantileMs(q)),
  sumMicros: tally.sumMicros,
  maxInFlight: tally.maxInFlight,
});

describe('Tally', () => {
  it('adds up the same in any order', () => {
    fc.assert(
      fc.property(fc.array(someCounts, { minLength: 1, maxLength: 5 }), (parts) => {
        const sum = (some: readonly Counts[]) => some.reduce((all, one) => all.add(Tally.of(one)), new Tally());
        expect(figures(sum(parts.toReversed()))).toEqual(figures(sum(parts)));
      }),
    );
  });

  it('splits without losing a call or inventing one', () => {
    fc.assert(
      fc.property(someCounts, fc.integer({ min: 1, max: 60 }), (counts, parts) => {
        const whole = Tally.of(counts);
        const joined = whole.split(parts).reduce((all, part) => all.add(part), new Tally());
        expect(figures(joined)).toEqual(figures(whole));
      }),
    );
  });

  it('keeps quantiles in order and counts what is slower', () => {
    fc.assert(
      fc.property(someCounts, (counts) => {
        const tally = Tally.of(counts);
        const [p50 = 0, p90 = 0, p99 = 0] = [0.5, 0.9, 0.99].map((q) => tally.quantileMs(q));
        expect(p50).toBeLessThanOrEqual(p90);
        expect(p90).toBeLessThanOrEqual(p99);
        const measured = counts.buckets.reduce((sum, [, count]) => sum + count, 0);
        expect(tally.slowerThan(p99)).toBeLessThanOrEqual(Math.ceil(0.01 * measured));
      }),
    );
  });

  it('tells faults of the server from mistakes of the caller', () => {
    const codes = Array.from({ length: 17 }, (_, code) => [code, 1] as const);
    const tally = Tally.of({ codes, buckets: [], sumMicros: 0, maxInFlight: 0 });
    expect(tally.errors).toBe(16);
    expect(tally.faults).toBe(4);
    expect(tally.unanswered).toBe(2);
  });
});
