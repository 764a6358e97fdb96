import { describe, expect, it } from '@jest/globals';

import { resultTable } from './result-table.js';
import { ratioOf, rowOf, type Series } from './series.js';
import { median, quantile } from './statistics.js';

function series(subject: string, cpu: readonly number[]): Series {
  const samples = cpu.map((cpuMicros, round) => ({
    perSecond: 1000.4 + round,
    cpuMicros,
    p50Millis: 0.12345,
    p99Millis: 2,
    parts: { client: cpuMicros / 4, server: (cpuMicros * 3) / 4 },
  }));
  return { subject, concurrency: 32, samples };
}

describe('statistics', () => {
  it('takes the middle of an odd and of an even number of values, in any order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(() => median([])).toThrow(RangeError);
  });

  it('takes quantiles by nearest rank', () => {
    const hundred = Float64Array.from({ length: 100 }, (_, index) => index + 1);
    expect([0, 0.5, 0.99, 1].map((q) => quantile(hundred, q))).toEqual([1, 50, 99, 100]);
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });
});

describe('the result of a bench', () => {
  const own = series('rookery', [10, 20, 40]);
  const peer = series('nest-grpc', [100, 400, 120]);

  it('has a row of medians for each series', () => {
    expect(rowOf('rpc', own)).toEqual({
      bench: 'rpc',
      subject: 'rookery',
      concurrency: 32,
      perSecond: 1001,
      cpuMicros: 20,
      p50Millis: 0.123,
      p99Millis: 2,
    });
  });

  it('compares round by round, not median with median', () => {
    expect(ratioOf(peer, own)).toEqual({ lowest: 3, median: 10, highest: 20 });
  });

  it('is a table with the parts of the CPU and the ratio to the reference', () => {
    const lines = resultTable('rpc', [own, peer], 'rookery').split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]?.split(/ {2,}/)).toEqual([
      'subject',
      'at once',
      'per second',
      'CPU µs',
      'client',
      'server',
      'p50 ms',
      'p99 ms',
      'x rookery (range)',
    ]);
    expect(lines[1]?.split(/ {2,}/)).toEqual(['rookery', '32', '1001', '20.0', '5.0', '15.0', '0.12', '2.00']);
    expect(lines[2]).toMatch(/10\.00 \(3\.00–20\.00\)$/);
  });
});
