import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { BUCKET_COUNT, LatencyHistogram, bucketOf, bucketStart } from './latency-histogram.js';

const latency = fc.double({ min: 0, max: 2 ** 33, noNaN: true });
const measurable = fc.double({ min: 1, max: 2 ** 32 - 2, noNaN: true });
const latencies = fc.array(latency, { maxLength: 200 });

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

function merged(...parts: readonly LatencyHistogram[]): LatencyHistogram {
  const all = new LatencyHistogram();
  for (const part of parts) all.merge(part);
  return all;
}

describe('bucketOf', () => {
  it('puts a value where the contract says: in [2^(i/4), 2^((i+1)/4))', () => {
    fc.assert(
      fc.property(measurable, (micros) => {
        const index = bucketOf(micros);
        expect(bucketStart(index)).toBeLessThanOrEqual(micros);
        expect(micros).toBeLessThan(bucketStart(index + 1));
      }),
    );
  });

  it('is exact at every lower border and just below it', () => {
    for (let index = 1; index < BUCKET_COUNT; index++) {
      const border = bucketStart(index);
      expect(bucketOf(border)).toBe(index);
      expect(bucketOf(border * (1 - Number.EPSILON))).toBe(index - 1);
    }
  });

  it('has borders that are 2^(i/4)', () => {
    for (let index = 0; index <= BUCKET_COUNT; index++) expect(bucketStart(index)).toBeCloseTo(2 ** (index / 4), 5);
  });
});

describe('LatencyHistogram', () => {
  it('merges the same whichever comes first', () => {
    fc.assert(
      fc.property(latencies, latencies, (left, right) => {
        const one = merged(histogramOf(left), histogramOf(right)).toProto();
        const other = merged(histogramOf(right), histogramOf(left)).toProto();
        expect(one).toEqual(other);
      }),
    );
  });

  it('merges the same however it is grouped, and equals recording everything in one place', () => {
    fc.assert(
      fc.property(latencies, latencies, latencies, (a, b, c) => {
        const leftFirst = merged(merged(histogramOf(a), histogramOf(b)), histogramOf(c)).toProto();
        const rightFirst = merged(histogramOf(a), merged(histogramOf(b), histogramOf(c))).toProto();
        expect(leftFirst).toEqual(rightFirst);
        expect(leftFirst).toEqual(histogramOf([...a, ...b, ...c]).toProto());
      }),
    );
  });

  it('keeps the other histogram as it was when merging', () => {
    const other = histogramOf([5, 50]);
    const before = other.toProto();
    merged(other).record(7);
    expect(other.toProto()).toEqual(before);
  });

  it('gives a quantile at most 19 % off the nearest-rank value', () => {
    fc.assert(
      fc.property(
        fc.array(measurable, { minLength: 1, maxLength: 300 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, q) => {
          const sorted = [...values].sort((a, b) => a - b);
          const exact = sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
          const estimate = histogramOf(values).quantile(q) ?? Number.NaN;
          expect(Math.abs(estimate - exact) / exact).toBeLessThanOrEqual(0.19);
        },
      ),
    );
  });

  it('gives quantiles that rise with q', () => {
    fc.assert(
      fc.property(fc.array(latency, { minLength: 1 }), (values) => {
        const histogram = histogramOf(values);
        const quantiles = [0, 0.1, 0.5, 0.9, 0.99, 1].map((q) => histogram.quantile(q) ?? Number.NaN);
        expect(quantiles).toEqual([...quantiles].sort((a, b) => a - b));
      }),
    );
  });

  it('survives the wire unchanged', () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const histogram = histogramOf(values);
        const read = LatencyHistogram.fromProto(histogram.toProto());
        expect(read.toProto()).toEqual(histogram.toProto());
        expect(read.count).toBe(values.length);
      }),
    );
  });

  it('counts what is shorter than 1 µs, negative or no number in bucket 0, and what is too long in the last', () => {
    const histogram = histogramOf([0, 0.2, -5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 40]);
    expect(histogram.toProto().buckets).toEqual([
      { index: 0, count: 4 },
      { index: BUCKET_COUNT - 1, count: 2 },
    ]);
  });

  it('keeps the count of a bucket index that it does not know', () => {
    const read = LatencyHistogram.fromProto({ buckets: [{ index: 4000, count: 3 }], sumMicros: 9 });
    expect(read.count).toBe(3);
    expect(read.toProto().buckets).toEqual([{ index: BUCKET_COUNT - 1, count: 3 }]);
  });

  it('has no quantile and no mean while it is empty, and again after a reset', () => {
    const histogram = histogramOf([10, 20]);
    expect(histogram.meanMicros).toBe(15);
    histogram.reset();
    expect(histogram.quantile(0.5)).toBeUndefined();
    expect(histogram.meanMicros).toBeUndefined();
    expect(histogram.toProto()).toEqual({ buckets: [], sumMicros: 0 });
  });
});
