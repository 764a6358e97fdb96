import { describe, expect, it } from '@jest/globals';
import { parseGrpcTimeout } from './grpc-timeout.js';

describe('grpc-timeout', () => {
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
});
