import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@rookery/runtime/testing';
import { newUuid } from './uuid.js';

describe('newUuid', () => {
  it('is a UUID of version 7 that begins with the time', () => {
    const random = new SeededRandom(1);
    const ids = Array.from({ length: 100 }, () => newUuid(0x0190_1234_5678, random));
    for (const id of ids) expect(id).toMatch(/^01901234-5678-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(ids).size).toBe(100);
  });

  it('sorts by age', () => {
    const random = new SeededRandom(1);
    const ids = [1, 15, 16, 1_800_000_000_000].map((now) => newUuid(now, random));
    expect([...ids].sort()).toEqual(ids);
  });
});
