import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { CallTable } from './call-table.js';

describe('calls in flight by their number', () => {
  it('are what a Map would hold, whatever order they end in', () => {
    const step = fc.record({ isEnd: fc.boolean(), at: fc.nat({ max: 1000 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 600 }), (steps) => {
        const table = new CallTable<{ id: number }>();
        const model = new Map<number, { id: number }>();
        let last = 0;
        for (const { isEnd, at } of steps) {
          if (isEnd && model.size > 0) {
            const id = [...model.keys()][at % model.size] ?? 0;
            table.delete(id);
            model.delete(id);
          } else {
            last += 1 + (at % 100 === 0 ? 64 * at : 0);
            const call = { id: last };
            table.set(last, call);
            model.set(last, call);
          }
          expect(table.size).toBe(model.size);
          expect(table.get(last)).toBe(model.get(last));
        }
        expect(table.entries()).toEqual([...model]);
        expect(table.values()).toEqual([...model.values()]);
        for (const [id, call] of model) expect(table.get(id)).toBe(call);
      }),
    );
  });

  it('keep a slow call while its place is taken over and over', () => {
    const table = new CallTable<object>();
    const slow = {};
    table.set(1, slow);
    for (let id = 2; id < 10_000; id++) {
      table.set(id, {});
      table.delete(id);
    }
    expect(table.get(1)).toBe(slow);
    expect(table.size).toBe(1);
    table.delete(1);
    expect(table.get(1)).toBeUndefined();
    expect(table.size).toBe(0);
  });

  it('take a number that a peer uses twice for the later call', () => {
    const table = new CallTable<object>();
    const later = {};
    for (const call of [{}, {}, later]) table.set(7, call);
    expect(table.entries()).toEqual([[7, later]]);
    table.set(71, {});
    table.set(7, later);
    table.delete(7);
    table.delete(7);
    expect(table.get(7)).toBeUndefined();
    expect(table.size).toBe(1);
  });

  it('know no number that was never there, and forget all at once', () => {
    const table = new CallTable<object>();
    expect(table.get(0)).toBeUndefined();
    table.delete(0);
    for (let id = 1; id <= 200; id++) table.set(id, {});
    table.clear();
    expect(table.size).toBe(0);
    expect(table.values()).toEqual([]);
    expect(table.get(200)).toBeUndefined();
  });
});
