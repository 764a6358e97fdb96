import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Ewma } from './ewma.js';

describe('Ewma', () => {
  it('knows nothing at first, then its first sample', () => {
    const ewma = new Ewma(1000);
    expect([ewma.isKnown, ewma.value]).toEqual([false, Number.NaN]);
    ewma.observe(42, 5);
    expect([ewma.isKnown, ewma.value]).toEqual([true, 42]);
  });

  it('gives old samples 37 % of the say after the decay time, whatever the rate', () => {
    for (const perSecond of [10, 1000]) {
      const ewma = new Ewma(10_000, { initial: 0 });
      for (let sample = 1; sample <= 10 * perSecond; sample++) ewma.observe(1, (sample * 1000) / perSecond);
      expect(1 - ewma.value).toBeCloseTo(Math.exp(-1), 10);
    }
  });

  it('averages the first samples instead of believing the first', () => {
    const ewma = new Ewma(10_000);
    [100, 20, 20, 20].forEach((sample, index) => ewma.observe(sample, index));
    expect(ewma.value).toBe(40);
  });

  it('counts an initial value as so many samples', () => {
    const ewma = new Ewma(10_000, { initial: 20, initialSamples: 9 });
    ewma.observe(120, 1);
    expect(ewma.value).toBe(30);
  });

  it('limits what one sample can do after a long silence', () => {
    const ewma = new Ewma(1000, { initial: 1, largestShare: 0.5 });
    ewma.observe(0, 3_600_000);
    expect(ewma.value).toBe(0.5);
  });

  it('survives a clock that stands still or goes back', () => {
    const ewma = new Ewma(1000, { now: 100, initial: 1 });
    ewma.observe(5, 100);
    ewma.observe(5, 50);
    expect(ewma.value).toBe(1);
  });

  it('stays within what it was shown', () => {
    const sample = fc.record({ value: fc.double({ min: -1e6, max: 1e6, noNaN: true }), waitMs: fc.nat(100_000) });
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1 }), fc.integer({ min: 1, max: 60_000 }), (samples, decayMs) => {
        const ewma = new Ewma(decayMs);
        let now = 0;
        for (const { value, waitMs } of samples) ewma.observe(value, (now += waitMs));
        const values = samples.map((each) => each.value);
        expect(ewma.value).toBeGreaterThanOrEqual(Math.min(...values) - 1e-6);
        expect(ewma.value).toBeLessThanOrEqual(Math.max(...values) + 1e-6);
      }),
    );
  });

  it('refuses a decay time that is none', () => {
    expect(() => new Ewma(0)).toThrow(RangeError);
  });
});
