import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatGrpcTimeout, parseGrpcTimeout } from './grpc-timeout.js';

describe('grpc-timeout', () => {
  it.each([
    [0, '0n'],
    [-5, '0n'],
    [0.0015, '1500n'],
    [99, '99000000n'],
    [100, '100000u'],
    [1000, '1000000u'],
    [250_000.5, '250000m'],
    [1e9, '1000000S'],
    [Infinity, '99999999H'],
  ])('writes %d ms as %s', (ms, header) => {
    expect(formatGrpcTimeout(ms)).toBe(header);
  });

  it.each([
    ['1H', 3_600_000],
    ['2M', 120_000],
    ['3S', 3000],
    ['00000004m', 4],
    ['5u', 0.005],
    ['6n', 0.000006],
    ['0S', 0],
  ])('reads %s as %d ms', (header, ms) => {
    expect(parseGrpcTimeout(header)).toBe(ms);
  });

  it.each(['', '5', 'm', '123456789m', '-1m', '1.5S', '1s', ' 1m', '1m ', '1mm', '1\u0660m'])(
    'refuses %j',
    (header) => {
      expect(parseGrpcTimeout(header)).toBeUndefined();
    },
  );

  it('is well formed, loses less than a millionth and never gains', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 3e14, noNaN: true }), (ms) => {
        const header = formatGrpcTimeout(ms);
        const read = parseGrpcTimeout(header) ?? Infinity;
        expect(header).toMatch(/^\d{1,8}[HMSmun]$/);
        expect(read).toBeLessThanOrEqual(ms * (1 + 1e-12));
        // Rounding down costs at most one unit of the unit written, which has at least four digits here.
        expect(read).toBeGreaterThanOrEqual(ms * (1 - 1e-3));
      }),
    );
  });
});
