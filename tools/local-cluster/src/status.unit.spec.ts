import { describe, expect, it } from '@jest/globals';
import { type ClusterStatus, statusLine } from './status.js';

const quiet: ClusterStatus = { up: 7, expected: 7, calls: 100, errors: 0, orders: undefined, alarms: [] };

describe('statusLine', () => {
  it('tells the rate since the last look', () => {
    expect(statusLine({ ...quiet, calls: 140 }, quiet, 2000)).toBe('7/7 up · 20 calls/s · 0 errors · no alarms');
  });

  it('names the alarms that fire', () => {
    const line = statusLine({ ...quiet, up: 6, errors: 1, alarms: ['InstanceSilent pricing-1'] }, undefined, 0);
    expect(line).toBe('6/7 up · – calls/s · 1 error · 1 alarm: InstanceSilent pricing-1');
  });

  it('tells what became of orders, once there are any', () => {
    const orders = { placed: 0, confirmed: 0, soldOut: 0, declined: 0 };
    expect(statusLine({ ...quiet, orders }, undefined, 0)).not.toContain('orders');
    const line = statusLine(
      { ...quiet, orders: { placed: 90, confirmed: 60, soldOut: 20, declined: 8 } },
      undefined,
      0,
    );
    expect(line).toContain(' · 90 orders: 60 confirmed, 20 sold out, 8 declined · ');
  });

  it('does not show a negative rate when the shoppers started again', () => {
    expect(statusLine({ ...quiet, calls: 3 }, quiet, 1000)).toContain('– calls/s');
  });

  it('says what it does not know', () => {
    const line = statusLine({ ...quiet, calls: undefined, errors: undefined, alarms: undefined }, undefined, 0);
    expect(line).toBe('7/7 up · no shoppers · alarms unknown');
  });
});
