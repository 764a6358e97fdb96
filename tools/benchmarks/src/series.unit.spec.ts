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

  it('says over how many grains commands were spread, where that was measured', () => {
    const hot = { ...own, grains: 1 };
    expect(rowOf('commands', hot)).toMatchObject({ concurrency: 32, grains: 1 });
    expect(resultTable('commands', [hot], 'rookery', 'time')).toMatch(/^subject +at once +grains +per second/);
    expect(resultTable('rpc', [own], 'rookery', 'time')).not.toContain('grains');
  });

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
    expect(ratioOf(peer, own, 'cpu')).toEqual({ lowest: 3, median: 10, highest: 20 });
  });

  it('is a table with the parts of the CPU and the ratio to the reference', () => {
    const lines = resultTable('rpc', [own, peer], 'rookery', 'cpu').split('\n');
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

describe('the result of a bench of actors', () => {
  const of = (subject: string, perSecond: readonly number[], bytesPerActor?: number): Series => ({
    subject,
    concurrency: undefined,
    samples: perSecond.map((each) => ({
      ...{ perSecond: each, cpuMicros: 0.0312, parts: {} },
      ...(bytesPerActor === undefined ? {} : { bytesPerActor }),
    })),
  });

  it('has in its rows what was measured, and nothing else', () => {
    expect(rowOf('flood', of('rookery', [3, 1, 2]))).toEqual({
      ...{ bench: 'flood', subject: 'rookery' },
      ...{ perSecond: 2, cpuMicros: 0.0312 },
    });
    expect(rowOf('memory', of('rookery', [1], 400.4))).toMatchObject({ perSecond: 1, bytesPerActor: 400 });
  });

  it('compares by the clock or by memory, so that more is worse', () => {
    const [own, peer] = [of('rookery', [100, 100], 400), of('xstate', [50, 25], 3000)];
    expect(ratioOf(peer, own, 'time')).toEqual({ lowest: 2, median: 3, highest: 4 });
    expect(ratioOf(peer, own, 'memory').median).toBe(7.5);
    const head = resultTable('flood', [own, peer], 'rookery', 'time').split('\n')[0];
    expect(head?.split(/ {2,}/)).toEqual([
      ...['subject', 'per second', 'range', 'CPU µs', 'bytes each', 'x rookery (range)'],
    ]);
  });
});
