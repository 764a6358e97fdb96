import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { SeededRandom } from './seeded-random.js';
import { VirtualTime } from './virtual-time.js';

describe('virtual time', () => {
  it('stands still until it is moved', () => {
    const time = new VirtualTime();
    let ran = 0;
    time.timer(0, () => ran++);
    time.microtask(() => ran++);
    expect([ran, time.clock.monotonic(), time.pending]).toEqual([0, 0, 1]);
  });

  it('runs tasks when they fall due, earliest first, equals in the order they were scheduled', () => {
    const delays = fc.array(fc.nat(50), { maxLength: 30 });
    fc.assert(
      fc.property(delays, (wanted) => {
        const time = new VirtualTime();
        const seen: { at: number; index: number }[] = [];
        wanted.forEach((delay, index) => time.timer(delay, () => seen.push({ at: time.clock.monotonic(), index })));
        time.advance(50);
        const expected = wanted.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at || a.index - b.index);
        expect(seen).toEqual(expected);
      }),
    );
  });

  it('runs microtasks before anything later', () => {
    const time = new VirtualTime();
    const seen: string[] = [];
    time.timer(1, () => {
      seen.push('timer');
      time.microtask(() => seen.push('microtask'));
    });
    time.timer(1, () => seen.push('next timer'));
    time.advance(1);
    expect(seen).toEqual(['timer', 'microtask', 'next timer']);
  });

  it('repeats an interval until it is cancelled, also from inside', () => {
    const time = new VirtualTime();
    let ran = 0;
    const handle = time.interval(10, () => {
      if (++ran === 3) handle.cancel();
    });
    time.advance(100);
    expect([ran, time.pending]).toEqual([3, 0]);
  });

  it('refuses an interval without a period, which would never let time pass', () => {
    expect(() => new VirtualTime().interval(0, () => undefined)).toThrow(RangeError);
  });

  it('lets awaited work go on between two steps', async () => {
    const time = new VirtualTime();
    const seen: string[] = [];
    const work = async (): Promise<void> => {
      await new Promise<void>((resolve) => time.timer(5, resolve));
      seen.push(`first at ${time.clock.monotonic()}`);
      await new Promise<void>((resolve) => time.timer(5, resolve));
      seen.push(`second at ${time.clock.monotonic()}`);
    };
    void work();
    await time.advanceAsync(10);
    expect(seen).toEqual(['first at 5', 'second at 10']);
  });
});

describe('seeded random', () => {
  it('repeats itself for a seed, and differs for another', () => {
    const draw = (seed: number): number[] =>
      Array.from(
        { length: 5 },
        (
          (random) => () =>
            random.next()
        )(new SeededRandom(seed)),
      );
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('gives integers evenly below the bound', () => {
    const random = new SeededRandom(1);
    const counts = [0, 0, 0, 0, 0];
    for (let index = 0; index < 50_000; index++) {
      const drawn = random.int(5);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });
});
