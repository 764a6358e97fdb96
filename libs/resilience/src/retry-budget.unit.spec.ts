import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';
import fc from 'fast-check';
import { RetryBudget } from './retry-budget.js';

describe('RetryBudget', () => {
  it('grants a quiet caller the reserve and no more', () => {
    const budget = new RetryBudget(new VirtualTime().clock, { ratio: 0.2, minPerSecond: 1, ttlMs: 3000 });
    expect([1, 2, 3, 4].map(() => budget.withdraw())).toEqual([true, true, true, false]);
  });

  it('grants a fifth of the traffic by default', () => {
    const budget = new RetryBudget(new VirtualTime().clock, { minPerSecond: 0 });
    for (let call = 0; call < 50; call++) budget.deposit();
    expect(budget.balance).toBe(10);
    for (let retry = 0; retry < 10; retry++) expect(budget.withdraw()).toBe(true);
    expect(budget.withdraw()).toBe(false);
  });

  it('forgets deposits after the TTL, not before', () => {
    const time = new VirtualTime();
    const budget = new RetryBudget(time.clock, { minPerSecond: 0, ttlMs: 10_000 });
    for (let call = 0; call < 5; call++) budget.deposit();
    time.advance(10_000);
    expect(budget.balance).toBe(1);
    time.advance(1000);
    expect(budget.balance).toBe(0);
  });

  it('is whole again after a long silence', () => {
    const time = new VirtualTime();
    const budget = new RetryBudget(time.clock, { minPerSecond: 1, ttlMs: 1000 });
    expect([budget.withdraw(), budget.withdraw()]).toEqual([true, false]);
    time.advance(3_600_000);
    expect(budget.withdraw()).toBe(true);
  });

  it.each([{ ratio: -1 }, { minPerSecond: Number.NaN }, { ttlMs: 0 }])('refuses %j', (options) => {
    expect(() => new RetryBudget(new VirtualTime().clock, options)).toThrow(RangeError);
  });

  it('never grants more than its law, in any window and in total', () => {
    const step = fc.record({ waitMs: fc.integer({ min: 0, max: 4000 }), calls: fc.nat(30), retries: fc.nat(30) });
    const options = fc.record({
      ratio: fc.double({ min: 0, max: 2, noNaN: true }),
      minPerSecond: fc.integer({ min: 0, max: 20 }),
      ttlMs: fc.integer({ min: 10, max: 20_000 }),
    });
    fc.assert(
      fc.property(options, fc.array(step, { maxLength: 60 }), ({ ratio, minPerSecond, ttlMs }, steps) => {
        const time = new VirtualTime();
        const budget = new RetryBudget(time.clock, { ratio, minPerSecond, ttlMs });
        const deposits: number[] = [];
        const grants: number[] = [];
        for (const { waitMs, calls, retries } of steps) {
          time.advance(waitMs);
          const now = time.clock.monotonic();
          for (let call = 0; call < calls; call++) {
            deposits.push(now);
            budget.deposit();
          }
          for (let retry = 0; retry < retries; retry++) if (budget.withdraw()) grants.push(now);
          // The window may be a tenth longer than the TTL, because it slides by tenths.
          const granted = grants.filter((at) => at > now - ttlMs).length;
          const earned = deposits.filter((at) => at > now - 1.1 * ttlMs).length;
          expect(granted).toBeLessThanOrEqual(ratio * earned + (minPerSecond * ttlMs) / 1000 + 1e-6);
        }
        const elapsed = time.clock.monotonic();
        expect(grants.length).toBeLessThanOrEqual(
          ratio * deposits.length + (minPerSecond * (elapsed + ttlMs)) / 1000 + 1e-6,
        );
      }),
    );
  });
});
