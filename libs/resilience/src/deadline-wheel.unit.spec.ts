import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';
import { DeadlineWheel, type Expirable } from './deadline-wheel.js';

function expirable(deadlineAt: number, expired: number[]): Expirable {
  return { deadlineAt, wheelSlot: 0, wheelIndex: -1, expire: () => expired.push(deadlineAt) };
}

describe('a wheel of deadlines', () => {
  it('lets each expire once, soon after its time, however far away', () => {
    const time = new VirtualTime();
    const wheel = new DeadlineWheel(time.clock, time);
    const expired: number[] = [];
    for (const deadline of [25, 5, 30_000]) wheel.add(expirable(deadline, expired));
    time.advance(40);
    expect(expired).toEqual([5, 25]);
    time.advance(30_000);
    expect(expired).toEqual([5, 25, 30_000]);
    expect(time.pending).toBe(0);
  });

  it('forgets what is removed', () => {
    const time = new VirtualTime();
    const wheel = new DeadlineWheel(time.clock, time);
    const expired: number[] = [];
    const entries = [10, 10, 10].map((deadline) => expirable(deadline, expired));
    for (const entry of entries) wheel.add(entry);
    for (const entry of entries.slice(1)) wheel.remove(entry);
    time.advance(100);
    expect(expired).toEqual([10]);
  });

  it('lets what is due soon expire soon after its process stood still for longer than the wheel turns', () => {
    const [clock, timers] = [new VirtualTime(), new VirtualTime()];
    const wheel = new DeadlineWheel(clock.clock, timers);
    const expired: number[] = [];
    for (const deadline of [12_400, 25_100, 25_500, 34_000]) wheel.add(expirable(deadline, expired));
    clock.advance(25_000);
    timers.advance(10);
    expect(expired).toEqual([12_400]);
    for (let waitedMs = 0; waitedMs < 510; waitedMs += 10) {
      clock.advance(10);
      timers.advance(10);
    }
    expect(expired).toEqual([12_400, 25_100, 25_500]);
  });

  it('lets a process that stood still read what came meanwhile, before it expires what that did not answer', () => {
    const [clock, timers] = [new VirtualTime(), new VirtualTime()];
    const wheel = new DeadlineWheel(clock.clock, timers);
    const expired: number[] = [];
    const [answered, unanswered] = [expirable(2500, expired), expirable(2600, expired)];
    for (const entry of [answered, unanswered]) wheel.add(entry);
    // As sockets are read: behind the timers that are due, ahead of macrotasks.
    timers.timer(10, () => wheel.remove(answered));
    clock.advance(5500);
    timers.advance(10);
    expect(expired).toEqual([2600]);
  });

  it('can be told to leave nothing behind, and does so only when nothing waits', () => {
    const time = new VirtualTime();
    const wheel = new DeadlineWheel(time.clock, time);
    const expired: number[] = [];
    const entry = expirable(10, expired);
    wheel.add(entry);
    wheel.stopIfEmpty();
    expect(time.pending).toBe(1);
    wheel.remove(entry);
    wheel.stopIfEmpty();
    expect(time.pending).toBe(0);
    wheel.add(expirable(20, expired));
    time.advance(100);
    expect(expired).toEqual([20]);
  });
});
