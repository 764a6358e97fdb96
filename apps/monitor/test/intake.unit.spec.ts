import { describe, expect, it } from '@jest/globals';
import { Reporters } from '../src/traffic/reporters.js';
import { SequenceLedger } from '../src/traffic/sequence-ledger.js';
import { Traffic } from '../src/traffic/traffic.js';
import { reportOf, served } from './reports.js';

describe('SequenceLedger', () => {
  it('takes each number once, in any order, and counts what never came', () => {
    const ledger = new SequenceLedger();
    expect([5, 6, 6, 9, 8, 8, 5].map((sequence) => ledger.accept(sequence))).toEqual([
      true,
      true,
      false,
      true,
      true,
      false,
      false,
    ]);
    expect(ledger.gaps).toBe(1);
    ledger.accept(100_000);
    expect(ledger.gaps).toBe(99_991);
  });
});

describe('Reporters', () => {
  it('accepts a report once by instance, incarnation and sequence', () => {
    const reporters = new Reporters(10);
    expect(reporters.note(reportOf({ sequence: 1 }), 0)).toBe('accepted');
    expect(reporters.note(reportOf({ sequence: 1 }), 10)).toBe('repeated');
    expect(reporters.note(reportOf({ sequence: 1, incarnation: 'second' }), 20)).toBe('accepted');
    expect(reporters.note(reportOf({ sequence: 2 }), 30)).toBe('stale');
    expect(reporters.repeatedReports).toBe(1);
  });

  it('adds up losses and merged periods', () => {
    const reporters = new Reporters(10);
    reporters.note(reportOf({ sequence: 1, lostCalls: 3 }), 0);
    reporters.note(reportOf({ sequence: 4, lostCalls: 2, mergedPeriods: 3 }), 1000);
    const reporter = reporters.get({ service: 'pricing', instanceId: 'pricing-1' });
    expect(reporter).toMatchObject({ lostCalls: 5, mergedPeriods: 2 });
    expect(reporter?.ledger.gaps).toBe(2);
  });

  it('notices a run that ended without goodbye, unless its goodbye comes late', () => {
    const reporters = new Reporters(10);
    reporters.note(reportOf({}), 0);
    reporters.note(reportOf({ incarnation: 'second' }), 800);
    expect(reporters.crashesSince(0).map(({ ref }) => ref.incarnation)).toEqual(['first']);
    reporters.note(reportOf({ sequence: 2, isFinal: true }), 900);
    expect(reporters.crashesSince(0)).toEqual([]);
    reporters.note(reportOf({ incarnation: 'second', sequence: 2, isFinal: true }), 1000);
    reporters.note(reportOf({ incarnation: 'third' }), 2000);
    expect(reporters.crashesSince(0)).toEqual([]);
  });

  it('holds a bounded number of instances', () => {
    const reporters = new Reporters(1);
    const other = { service: 'pricing', instanceId: 'pricing-2', incarnation: 'first' };
    reporters.note(reportOf({}), 0);
    expect(reporters.note(reportOf({ reporter: other }), 0)).toBe('refused');
    expect(reporters.refusedReports).toBe(1);
    reporters.forget({ service: 'pricing', instanceId: 'pricing-1', incarnation: 'first' });
    expect(reporters.note(reportOf({ reporter: other }), 0)).toBe('accepted');
  });
});

describe('Traffic', () => {
  const callsOf = (traffic: Traffic, second: number) =>
    [...traffic.handled()].map(({ window }) => window.callsIn(second));

  it('puts a report into the second of its arrival and lays merged periods over theirs', () => {
    const traffic = new Traffic(10, 10);
    traffic.record(reportOf({ callee: [served(7)] }), 100_300);
    expect(callsOf(traffic, 100)).toEqual([7]);
    traffic.record(reportOf({ callee: [served(10)], periodMs: 5000, mergedPeriods: 5 }), 110_300);
    expect([106, 107, 108, 109, 110].map((second) => callsOf(traffic, second))).toEqual([[2], [2], [2], [2], [2]]);
  });

  it('lets no reporter take the keys of the others, however many names it makes up', () => {
    const traffic = new Traffic(1000, 100);
    const made = Array.from({ length: 100_000 }, (_, index) => ({ ...served(1), method: `/made.Up/Method${index}` }));
    traffic.record(reportOf({ callee: made }), 1000);
    const other = { service: 'pricing', instanceId: 'pricing-2', incarnation: 'first' };
    traffic.record(reportOf({ reporter: other, callee: [served(5)] }), 1000);
    expect(traffic.keys).toBe(101);
    expect(traffic.overflowCalls).toBe(99_900);
    traffic.sweep(30_000);
    traffic.record(reportOf({ callee: [{ ...served(1), method: '/made.Up/Another' }] }), 30_000);
    expect(traffic.keys).toBe(101);
  });

  it('takes links and vitals from the newest report, whatever order they come in', () => {
    const reporters = new Reporters(10);
    const target = { service: 'orders', instanceId: 'orders-1', incarnation: 'first' };
    const link = (state: 'up' | 'down') => [{ target, state, lastedMs: 0 }];
    reporters.note(reportOf({ sequence: 1 }), 0);
    reporters.note(reportOf({ sequence: 3, links: link('up') }), 1000);
    expect(reporters.note(reportOf({ sequence: 2, links: link('down') }), 1100)).toBe('accepted');
    expect(reporters.get(reportOf().reporter)?.links).toMatchObject([{ state: 'up' }]);
  });

  it('holds a bounded number of keys, counts what it left out, and forgets idle ones', () => {
    const traffic = new Traffic(1, 1);
    traffic.record(reportOf({ callee: [served(1), { ...served(4), method: '/other' }] }), 1000);
    expect(traffic.keys).toBe(1);
    expect(traffic.overflowCalls).toBe(4);
    traffic.sweep(60_000);
    expect(traffic.keys).toBe(1);
    traffic.sweep(61_000);
    expect(traffic.keys).toBe(0);
  });
});
