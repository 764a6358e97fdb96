import { describe, expect, it } from '@jest/globals';
import { Episode } from './episode.js';
import type { AlarmRule, Finding } from './finding.js';

const rule: AlarmRule = {
  name: 'InstanceFailing',
  cause: 'failing',
  severity: 'critical',
  forMs: 2000,
  keepFiringMs: 5000,
  forgetMs: 60_000,
  examine: () => [],
};
const bad: Finding = { service: 'pricing', instance: 'pricing-1', verdict: 'bad', summary: 'bad', facts: {} };
const good: Finding = { ...bad, verdict: 'good', summary: 'good' };
const at = (ms: number) => ({ at: ms, wall: 1_000_000 + ms });

describe('Episode', () => {
  it('fires once the rule was met for its time, and resolves once it is well for its time', () => {
    const episode = new Episode(rule, bad, at(0));
    expect([1000, 2000, 3000].map((ms) => episode.advance(bad, at(ms)))).toEqual([false, true, false]);
    expect([4000, 8000, 9000].map((ms) => episode.advance(good, at(ms)))).toEqual([false, false, true]);
    expect(episode.view()).toMatchObject({
      state: 'resolved',
      pendingAt: 1_000_000,
      firingAt: 1_002_000,
      resolvedAt: 1_009_000,
    });
    expect(episode.view().history.map(({ state }) => state)).toEqual(['pending', 'firing', 'resolved']);
  });

  it('counts from when the trouble began, where the evidence tells', () => {
    const episode = new Episode(rule, { ...bad, since: 500 }, at(2500));
    expect(episode.advance(bad, at(2500))).toBe(true);
  });

  it('is not put off by a lack of calls while pending, but ends after a while without any', () => {
    const episode = new Episode(rule, bad, at(0));
    for (const ms of [500, 1000, 1500]) expect(episode.advance(undefined, at(ms))).toBe(false);
    expect(episode.advance(bad, at(2000))).toBe(true);
    const other = new Episode(rule, bad, at(0));
    expect(other.advance(undefined, at(9000))).toBe(false);
    expect(other.advance(undefined, at(10_000))).toBe(true);
    expect(other.view().state).toBe('inactive');
  });

  it('goes on firing while it flaps or hears nothing, for a bounded time', () => {
    const episode = new Episode(rule, bad, at(0));
    episode.advance(bad, at(2000));
    for (let ms = 3000; ms < 30_000; ms += 3000) {
      expect(episode.advance(good, at(ms))).toBe(false);
      expect(episode.advance(bad, at(ms + 1000))).toBe(false);
    }
    expect(episode.advance(undefined, at(60_000))).toBe(false);
    expect(episode.advance(undefined, at(88_000))).toBe(true);
    expect(episode.view().state).toBe('resolved');
  });

  it('clears a pending alarm on the first good word', () => {
    const episode = new Episode(rule, bad, at(0));
    expect(episode.advance(good, at(500))).toBe(true);
    expect(episode.isOver).toBe(true);
  });
});
