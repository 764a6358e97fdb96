import { describe, expect, it } from '@jest/globals';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import { Arrivals } from './arrivals.js';

function shop(perSecond: number, seed = 1) {
  const time = new VirtualTime();
  const seen: number[] = [];
  const onArrival = (): void => void seen.push(time.clock.monotonic());
  return { time, seen, arrivals: new Arrivals(perSecond, onArrival, time.clock, new SeededRandom(seed), time) };
}

describe('Arrivals', () => {
  it.each([1, 20, 400, 2000])('brings %i a second on average', (perSecond) => {
    const { time, seen, arrivals } = shop(perSecond);
    arrivals.start();
    const seconds = Math.ceil(5000 / perSecond);
    time.advance(seconds * 1000);
    expect(seen.length / seconds).toBeGreaterThan(perSecond * 0.93);
    expect(seen.length / seconds).toBeLessThan(perSecond * 1.07);
  });

  it('brings nobody at rate 0', () => {
    const { time, seen, arrivals } = shop(0);
    arrivals.start();
    time.advance(60_000);
    expect(seen).toEqual([]);
  });

  it('brings nobody after it stopped', () => {
    const { time, seen, arrivals } = shop(100);
    arrivals.start();
    time.advance(1000);
    arrivals.stop();
    const before = seen.length;
    time.advance(1000);
    expect(seen).toHaveLength(before);
  });
});
