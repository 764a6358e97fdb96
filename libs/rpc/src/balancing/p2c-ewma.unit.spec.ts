import { describe, expect, it } from '@jest/globals';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import { instanceOf } from '../../test/simulated-traffic.js';
import type { Pick, Picker } from './balancer.js';
import { P2cEwmaBalancer } from './p2c-ewma.balancer.js';

const a = instanceOf('a');
const b = instanceOf('b');

function setUp() {
  const time = new VirtualTime();
  return { time, balancer: new P2cEwmaBalancer({ clock: time.clock, random: new SeededRandom(7) }) };
}

function pickOf(picker: Picker, id: string): Pick {
  const pick = picker.pick({ eligible: (instance) => instance.id === id });
  if (pick === undefined) throw new Error(`no instance ${id}`);
  return pick;
}

/** Outcomes of one instance, one each 10 ms. */
function teach(time: VirtualTime, pick: Pick, code: number, durationMs: number, calls: number): void {
  for (let call = 0; call < calls; call++) {
    time.advance(10);
    pick.started();
    pick.ended(code, durationMs);
  }
}

function share(picker: Picker, id: string, picks = 40): number {
  let hits = 0;
  for (let pick = 0; pick < picks; pick++) if (picker.pick({})?.instance.id === id) hits++;
  return hits / picks;
}

describe('P2cEwmaBalancer', () => {
  it('keeps what it learned over an update', () => {
    const { time, balancer } = setUp();
    teach(time, pickOf(balancer.update([a, b]), 'a'), 14, 1, 500);
    expect(share(balancer.update([a, b, instanceOf('c')]), 'a')).toBe(0);
  });

  it('does not hold the failures of a former incarnation against a new one', () => {
    const { time, balancer } = setUp();
    teach(time, pickOf(balancer.update([a, b]), 'a'), 14, 1, 500);
    expect(share(balancer.update([instanceOf('a', 100, 'second'), b]), 'a', 400)).toBeGreaterThan(0.4);
  });

  it.each([
    [59_000, 0],
    [61_000, 0.5],
  ])('remembers one that is gone for %d ms as far as %d of the calls', (goneMs, expected) => {
    const { time, balancer } = setUp();
    const both = balancer.update([a, b]);
    teach(time, pickOf(both, 'a'), 14, 1, 500);
    // Both are looked at now, or the first pick after the pause would be a probe.
    balancer.update([b]);
    time.advance(goneMs);
    pickOf(both, 'a');
    balancer.update([b]);
    expect(share(balancer.update([a, b]), 'a', 40)).toBeCloseTo(expected, 0);
  });

  it('learns no latency from a fast failure or a fast refusal', () => {
    for (const code of [1, 5, 14]) {
      const { time, balancer } = setUp();
      const picker = balancer.update([a, b]);
      teach(time, pickOf(picker, 'a'), 0, 20, 100);
      teach(time, pickOf(picker, 'b'), 0, 20, 100);
      teach(time, pickOf(picker, 'a'), code, 1, 2000);
      teach(time, pickOf(picker, 'a'), 0, 20, 500);
      expect(share(picker, 'a', 2000)).toBeGreaterThan(0.45);
      expect(share(picker, 'a', 2000)).toBeLessThan(0.55);
    }
  });

  it('takes a cancelled call for neither success nor failure', () => {
    const { time, balancer } = setUp();
    const picker = balancer.update([a, b]);
    teach(time, pickOf(picker, 'a'), 14, 1, 500);
    teach(time, pickOf(picker, 'a'), 1, 1, 500);
    expect(share(picker, 'a')).toBe(0);
    teach(time, pickOf(picker, 'b'), 1, 1, 500);
    // One of the 40 is a probe of the ailing one.
    expect(share(picker, 'b')).toBe(39 / 40);
  });

  it('counts a status code that gRPC does not know as a failure', () => {
    const { time, balancer } = setUp();
    const picker = balancer.update([a, b]);
    teach(time, pickOf(picker, 'a'), 99, 1, 500);
    expect(share(picker, 'a')).toBe(0);
  });

  it('sees a call in flight from its start', () => {
    const { balancer } = setUp();
    const picker = balancer.update([a, b]);
    for (let call = 0; call < 50; call++) pickOf(picker, 'a').started();
    expect(share(picker, 'a')).toBeLessThan(0.05);
  });

  it('probes an ailing instance after 2 s and 50 picks, not with a second attempt', () => {
    const { time, balancer } = setUp();
    const picker = balancer.update([a, b]);
    teach(time, pickOf(picker, 'a'), 14, 1, 500);
    pickOf(picker, 'a');
    expect(share(picker, 'a', 60)).toBe(0);
    time.advance(2000);
    const other = instanceOf('other');
    for (let pick = 0; pick < 20; pick++) expect(picker.pick({ tried: [other] })?.instance.id).toBe('b');
    expect(picker.pick({})?.instance.id).toBe('a');
    expect(share(picker, 'a', 50)).toBe(0);
    time.advance(2000);
    expect(share(picker, 'a', 50)).toBe(1 / 50);
  });

  it('ignores durations that are none', () => {
    const { time, balancer } = setUp();
    const picker = balancer.update([a, b]);
    teach(time, pickOf(picker, 'a'), 0, Number.NaN, 10);
    teach(time, pickOf(picker, 'b'), 0, -1, 10);
    expect(share(picker, 'a', 2000)).toBeGreaterThan(0.45);
    expect(share(picker, 'a', 2000)).toBeLessThan(0.55);
  });
});
