import { describe, expect, it } from '@jest/globals';

import { runRounds, type Subject } from './rounds.js';

describe('rounds', () => {
  it('warm each subject up, then measure them in turn', async () => {
    const seen: string[] = [];
    const subject = (name: string): Subject => ({
      name,
      measure: async (concurrency, millis) => {
        seen.push(`${name}${concurrency}:${millis}`);
        return { perSecond: seen.length, cpuMicros: 1, p50Millis: 1, p99Millis: 1, parts: {} };
      },
    });
    const plan = { concurrencies: [1, 8], rounds: 2, millis: 10, warmUpMillis: 20 };
    const all = await runRounds([subject('a'), subject('b')], plan, () => undefined);
    const round = ['a1:10', 'b1:10', 'a8:10', 'b8:10'];
    expect(seen).toEqual(['a8:20', 'b8:20', ...round, ...round]);
    expect(all.map(({ subject: name, concurrency, samples }) => [name, concurrency, samples.length])).toEqual([
      ['a', 1, 2],
      ['b', 1, 2],
      ['a', 8, 2],
      ['b', 8, 2],
    ]);
    expect(all[1]?.samples.map(({ perSecond }) => perSecond)).toEqual([4, 8]);
  });
});
