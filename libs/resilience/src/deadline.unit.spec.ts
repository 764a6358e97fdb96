import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deadlineAfter, earliestDeadline, isExpired, remainingMs, wireMs } from './deadline.js';

const instant = fc.double({ min: 0, max: 1e12, noNaN: true });
const deadline = fc.option(instant, { nil: undefined });

describe('deadlines', () => {
  it('treat undefined as none', () => {
    expect(deadlineAfter(undefined, 5)).toBeUndefined();
    expect(deadlineAfter(Infinity, 5)).toBeUndefined();
    expect(remainingMs(undefined, 5)).toBeUndefined();
    expect(wireMs(undefined, 5)).toBeUndefined();
    expect(isExpired(undefined, 5)).toBe(false);
    expect(earliestDeadline(undefined, 7)).toBe(7);
    expect(earliestDeadline(7, undefined)).toBe(7);
  });

  it('have passed when nothing is left', () => {
    expect(remainingMs(10, 12)).toBe(0);
    expect(isExpired(10, 10)).toBe(true);
    expect(isExpired(10, 9.9)).toBe(false);
    expect(wireMs(10, 9.5)).toBe(0);
  });

  it('combine to the stricter one, in any order', () => {
    fc.assert(
      fc.property(deadline, deadline, deadline, instant, (a, b, c, now) => {
        const both = earliestDeadline(a, b);
        expect(both).toBe(earliestDeadline(b, a));
        expect(earliestDeadline(both, c)).toBe(earliestDeadline(a, earliestDeadline(b, c)));
        expect(remainingMs(both, now) ?? Infinity).toBeLessThanOrEqual(remainingMs(a, now) ?? Infinity);
      }),
    );
  });

  it('leave less time as time goes on', () => {
    fc.assert(
      fc.property(instant, instant, fc.double({ min: 0, max: 1e9, noNaN: true }), (at, now, later) => {
        expect(remainingMs(at, now + later)).toBeLessThanOrEqual(remainingMs(at, now) ?? 0);
      }),
    );
  });

  it('are never extended by a hop', () => {
    fc.assert(
      fc.property(instant, instant, instant, (at, sentAt, receivedAt) => {
        const sent = wireMs(at, sentAt) ?? Infinity;
        expect(Number.isInteger(sent)).toBe(true);
        expect(sent).toBeLessThanOrEqual(Math.max(0, at - sentAt));
        const received = deadlineAfter(sent, receivedAt) ?? Infinity;
        expect(received - receivedAt).toBeLessThanOrEqual(Math.max(0, at - sentAt) + 1e-3);
      }),
    );
  });

  it('fit a frame', () => {
    expect(wireMs(1e15, 0)).toBe(0xffff_ffff);
  });
});
