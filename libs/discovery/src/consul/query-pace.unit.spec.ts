import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';
import { QueryPace } from './query-pace.js';

function paced(): { time: VirtualTime; pace: QueryPace } {
  const time = new VirtualTime();
  return { time, pace: new QueryPace(time.clock) };
}

describe('the pace of a blocking query', () => {
  it('lets two go at once and the next after a quarter of a second', () => {
    const { pace } = paced();
    expect([pace.take(), pace.take(), pace.take(), pace.take()]).toEqual([0, 0, 250, 500]);
  });

  it('is full again after a calm while, and no fuller than two', () => {
    const { time, pace } = paced();
    pace.take();
    pace.take();
    time.advance(60_000);
    expect([pace.take(), pace.take(), pace.take()]).toEqual([0, 0, 250]);
  });

  it('degrades to one in 15 s while answers come early and bring nothing', () => {
    const { time, pace } = paced();
    const waits = Array.from({ length: 12 }, () => {
      const wait = pace.take();
      time.advance(wait);
      pace.wasted();
      return Math.round(wait);
    });
    expect(waits.slice(0, 2)).toEqual([0, 0]);
    expect(waits.slice(-3)).toEqual([15_000, 15_000, 15_000]);
  });

  it('is quick again after the first news', () => {
    const { time, pace } = paced();
    for (let answer = 0; answer < 12; answer++) {
      time.advance(pace.take());
      pace.wasted();
    }
    time.advance(pace.take());
    pace.useful();
    expect(pace.take()).toBeLessThanOrEqual(250);
  });
});
