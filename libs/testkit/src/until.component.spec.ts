import { describe, expect, it } from '@jest/globals';
import { until, untilFound } from './until.js';

describe('waiting', () => {
  it('ends with what was found', async () => {
    const looks = [undefined, undefined, 'it'];
    expect(await untilFound('it is there', () => looks.shift())).toBe('it');
    expect(looks).toEqual([]);
  });

  it('in vain names what was waited for', async () => {
    await expect(until('it is there', () => false, 1)).rejects.toThrow('waited 1 ms in vain until it is there');
  });

  it('in vain tells what there was at the last look', async () => {
    let seen = 0;
    const state = (): string => `there are a million, not ${seen}`;
    const waiting = until(state, () => ++seen === 1_000_000, 1);
    await expect(waiting).rejects.toThrow(/^waited 1 ms in vain until there are a million, not [1-9]\d*$/);
  });

  it('ends with the error of a look', async () => {
    const look = (): boolean => {
      throw new Error('it is broken');
    };
    await expect(until('it is there', look)).rejects.toThrow('it is broken');
  });
});
