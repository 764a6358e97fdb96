import { describe, expect, it } from '@jest/globals';
import type { Instance } from '@rookery/discovery';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import fc from 'fast-check';
import { instanceOf } from '../../test/simulated-traffic.js';
import type { Picker, PickRequest } from './balancer.js';
import { type BalancerName, balancerNames, createBalancer } from './create-balancer.js';

function setUp(name: BalancerName, seed = 1) {
  const time = new VirtualTime();
  return { time, balancer: createBalancer(name, { clock: time.clock, random: new SeededRandom(seed) }) };
}

/** Picks so often, each call ending at once, and counts by id. */
function spread(picker: Picker, picks: number, request: PickRequest = {}): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let index = 0; index < picks; index++) {
    const pick = picker.pick(request);
    if (pick === undefined) continue;
    pick.started();
    pick.ended(0, 5);
    counts[pick.instance.id] = (counts[pick.instance.id] ?? 0) + 1;
  }
  return counts;
}

const abc = ['a', 'b', 'c'].map((id) => instanceOf(id));
const [a, b, c] = abc as [Instance, Instance, Instance];

describe.each(balancerNames)('%s', (name) => {
  it('picks nothing from nothing', () => {
    expect(setUp(name).balancer.update([]).pick({})).toBeUndefined();
  });

  it('picks the only one, tried or not', () => {
    const picker = setUp(name).balancer.update([a]);
    expect(picker.pick({})?.instance).toBe(a);
    expect(picker.pick({ tried: [a] })?.instance).toBe(a);
  });

  it('calls every instance', () => {
    const counts = spread(setUp(name).balancer.update(abc), 300);
    for (const { id } of abc) expect(counts[id]).toBeGreaterThan(60);
  });

  it('hands out the same pick for the same instance', () => {
    const picker = setUp(name).balancer.update([a]);
    expect(picker.pick({})).toBe(picker.pick({}));
  });

  it('gives the same pick for an instance that was chosen without it', () => {
    const { balancer } = setUp(name);
    const picker = balancer.update(abc);
    expect(picker.pickOf(b)).toBe(picker.pick({ eligible: ({ id }) => id === 'b' }));
    expect(balancer.update([a]).pickOf(b)).toBeUndefined();
  });

  it('avoids what was tried while anything else is left', () => {
    const picker = setUp(name).balancer.update(abc);
    expect(spread(picker, 50, { tried: [a, c] })).toEqual({ b: 50 });
    expect(Object.keys(spread(picker, 50, { tried: abc })).length).toBeGreaterThan(1);
  });

  it('knows what was tried from an older snapshot', () => {
    const picker = setUp(name).balancer.update(abc);
    expect(spread(picker, 20, { tried: [{ ...a, weight: 7 }, { ...b }] })).toEqual({ c: 20 });
    // The same id in another incarnation is another instance.
    expect(spread(picker, 300, { tried: [{ ...a, incarnation: 'second' }] })['a']).toBeGreaterThan(0);
  });

  it('never leaves the eligible ones, even for what was not tried', () => {
    const picker = setUp(name).balancer.update(abc);
    const eligible = (instance: Instance) => instance.id !== 'b';
    expect(Object.keys(spread(picker, 100, { eligible })).sort()).toEqual(['a', 'c']);
    expect(spread(picker, 20, { eligible, tried: [a] })).toEqual({ c: 20 });
    expect(Object.keys(spread(picker, 100, { eligible, tried: [a, c] })).sort()).toEqual(['a', 'c']);
    expect(picker.pick({ eligible: () => false })).toBeUndefined();
    expect(picker.pick({ eligible: () => false, tried: [a] })).toBeUndefined();
  });

  it('shows the newest description of an instance', () => {
    const { balancer } = setUp(name);
    balancer.update([a]);
    const moved = { ...a, zone: 'elsewhere' };
    expect(balancer.update([moved]).pick({})?.instance).toBe(moved);
  });

  it('leaves an old picker working', () => {
    const { balancer } = setUp(name);
    const old = balancer.update([a]);
    balancer.update([b]);
    expect(old.pick({})?.instance.id).toBe('a');
  });

  it('takes a doubled entry once', () => {
    const counts = spread(setUp(name).balancer.update([a, a, b]), 200);
    expect(counts['a']).toBeGreaterThan(60);
    expect(counts['b']).toBeGreaterThan(60);
  });

  it('takes what is no weight for the smallest', () => {
    const counts = spread(setUp(name).balancer.update([instanceOf('a', 0), instanceOf('b', Number.NaN)]), 400);
    expect(counts['a']).toBeGreaterThan(120);
    expect(counts['b']).toBeGreaterThan(120);
  });

  it('gives idle instances their static shares', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(weights, fc.nat(), fc.boolean(), (list, seed, isFiltered) => {
        const { balancer } = setUp(name, seed);
        const picker = balancer.update(list.map((weight, index) => instanceOf(`i${index}`, weight)));
        const counts = spread(picker, 4000, isFiltered ? { eligible: () => true } : {});
        const total = list.reduce((sum, weight) => sum + weight, 0);
        list.forEach((weight, index) => {
          expect(Math.abs((counts[`i${index}`] ?? 0) / 4000 - weight / total)).toBeLessThan(0.05);
        });
      }),
      { numRuns: 40 },
    );
  });
});

describe('round-robin', () => {
  it('takes turns by weight, smoothly', () => {
    const picker = setUp('round-robin').balancer.update([instanceOf('a', 5), instanceOf('b', 1), instanceOf('c', 1)]);
    expect(spread(picker, 700)).toEqual({ a: 500, b: 100, c: 100 });
    const turns = Array.from({ length: 70 }, () => picker.pick({})?.instance.id).join('');
    expect(turns).not.toMatch(/a{6}|[bc]{3}/);
  });

  it('keeps its place when weights change before every pick', () => {
    const { balancer } = setUp('round-robin');
    const counts: Record<string, number> = {};
    for (let pick = 0; pick < 300; pick++) {
      const picker = balancer.update(
        abc.map((instance, index) => ({ ...instance, weight: 100 + ((pick + index) % 3) })),
      );
      const { id } = picker.pick({})?.instance ?? a;
      counts[id] = (counts[id] ?? 0) + 1;
    }
    for (const { id } of abc) expect(Math.abs((counts[id] ?? 0) - 100)).toBeLessThan(5);
  });

  it('does not make an instance pay for having been heavy', () => {
    const { balancer } = setUp('round-robin');
    spread(balancer.update([instanceOf('a', 1000), instanceOf('b', 1)]), 501);
    expect(spread(balancer.update([instanceOf('a', 1), instanceOf('b', 1)]), 4)).toEqual({ a: 2, b: 2 });
  });

  it('keeps turns fair while instances come and go', () => {
    const { balancer } = setUp('round-robin');
    for (let round = 0; round < 50; round++) {
      spread(balancer.update(abc), 7);
      const counts = spread(balancer.update([a, b]), 8);
      expect(Math.abs((counts['a'] ?? 0) - 4)).toBeLessThanOrEqual(1);
    }
  });

  it('does not send every new caller to the same instance first', () => {
    const first = new Set(
      [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => setUp('round-robin', seed).balancer.update(abc).pick({})?.instance.id),
    );
    expect(first.size).toBe(3);
  });
});

describe('least-request', () => {
  it('prefers the less busy by weight', () => {
    const picker = setUp('least-request').balancer.update([instanceOf('a', 100), instanceOf('b', 300)]);
    for (let call = 0; call < 400; call++) picker.pick({})?.started();
    const busy = spread(picker, 1);
    expect(Object.keys(busy)).toHaveLength(1);
    // 400 calls never ended: one in four lies on the light one, within the one call that decides.
    picker.pick({ eligible: ({ id }) => id === 'a' })?.started();
    picker.pick({ eligible: ({ id }) => id === 'a' })?.started();
    expect(spread(picker, 20)).toEqual({ b: 20 });
  });

  it('remembers calls in flight over an update', () => {
    const { balancer } = setUp('least-request');
    balancer.update([a]).pick({})?.started();
    expect(spread(balancer.update([a, b]), 20)).toEqual({ b: 20 });
  });
});
