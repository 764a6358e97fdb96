import { describe, expect, it } from '@jest/globals';
import { SimulatedFleet } from './simulated-fleet.js';

const cases = [
  [10, 1],
  [10, 2],
  [10, 3],
  [100, 1],
] as const;

/** Two callers and three pricings, in step for a while. */
function steadyFleet(rate: number, seed: number): SimulatedFleet {
  const fleet = new SimulatedFleet(seed, rate);
  for (const id of ['gateway-1', 'storefront-1', 'pricing-1', 'pricing-2', 'pricing-3']) fleet.start(id);
  fleet.time.advance(20_000);
  expect(fleet.fired()).toEqual([]);
  return fleet;
}

describe.each(cases)('alarms at %d calls/s per caller, seed %d', (rate, seed) => {
  it('names a killed instance silent within 5 s, and clears it when it is back', () => {
    const fleet = steadyFleet(rate, seed);
    fleet.kill('pricing-2');
    fleet.time.advance(5000);
    expect(fleet.alarms('firing')).toEqual(['InstanceSilent pricing-2']);
    fleet.time.advance(60_000);
    expect(fleet.alarms('firing')).toEqual(['InstanceSilent pricing-2']);
    fleet.start('pricing-2');
    fleet.time.advance(10_000);
    expect(fleet.alarms('firing')).toEqual([]);
    expect(fleet.fired()).toEqual(['InstanceSilent pricing-2']);
  });

  it('names a killed instance although it is back within a second', () => {
    const fleet = steadyFleet(rate, seed);
    fleet.kill('pricing-2');
    fleet.time.advance(800);
    fleet.start('pricing-2');
    fleet.time.advance(4200);
    expect(fleet.fired()).toEqual(['InstanceSilent pricing-2']);
    fleet.time.advance(10_000);
    expect(fleet.alarms('resolved')).toEqual(['InstanceSilent pricing-2']);
    expect(fleet.fired()).toEqual(['InstanceSilent pricing-2']);
  });

  it('clears a killed instance when another takes its place', () => {
    const fleet = steadyFleet(rate, seed);
    fleet.kill('pricing-2');
    fleet.time.advance(8000);
    fleet.start('pricing-4');
    fleet.time.advance(8000);
    expect(fleet.alarms('resolved')).toEqual(['InstanceSilent pricing-2']);
    fleet.time.advance(30_000);
    expect(fleet.fired()).toEqual(['InstanceSilent pricing-2']);
  });

  it('names a failing instance within 5 s, and clears it when it works again', () => {
    const fleet = steadyFleet(rate, seed);
    fleet.get('pricing-1').answers = { code: 13, latencyMs: 1 };
    fleet.time.advance(5000);
    expect(fleet.alarms('firing')).toEqual(['InstanceFailing pricing-1']);
    fleet.time.advance(20_000);
    expect(fleet.alarms('firing')).toEqual(['InstanceFailing pricing-1']);
    fleet.get('pricing-1').answers = { code: 0, latencyMs: 4 };
    fleet.time.advance(40_000);
    expect(fleet.alarms('firing')).toEqual([]);
    expect(new Set(fleet.fired())).toEqual(new Set(['InstanceFailing pricing-1']));
  });

  it('names a slow instance within 5 s, and clears it when it is fast again', () => {
    const fleet = steadyFleet(rate, seed);
    fleet.get('pricing-3').answers = { code: 0, latencyMs: 300 };
    fleet.time.advance(5000);
    expect(fleet.alarms('firing')).toEqual(['InstanceSlow pricing-3']);
    fleet.time.advance(20_000);
    fleet.get('pricing-3').answers = { code: 0, latencyMs: 4 };
    fleet.time.advance(40_000);
    expect(fleet.alarms('firing')).toEqual([]);
    expect(new Set(fleet.fired())).toEqual(new Set(['InstanceSlow pricing-3']));
  });

  it('names an instance that fails half of its calls within 5 s', () => {
    const fleet = steadyFleet(rate, seed);
    fleet.get('pricing-1').answers = { code: 13, share: 0.5, latencyMs: 4 };
    fleet.time.advance(5000);
    expect(fleet.fired()).toEqual(['InstanceFailing pricing-1']);
  });

  it('names a hanging instance within 5 s, long before its calls end', () => {
    const fleet = steadyFleet(rate, seed);
    fleet.get('pricing-1').answers = { code: 0, latencyMs: 60_000 };
    fleet.time.advance(4500);
    expect(fleet.alarms('firing')).toEqual(['InstanceSlow pricing-1']);
    expect(fleet.current[0]?.summary).toContain('has held');
    fleet.time.advance(10_000);
    fleet.get('pricing-1').answers = { code: 0, latencyMs: 4 };
    fleet.time.advance(40_000);
    expect(fleet.alarms('firing')).toEqual([]);
    expect(new Set(fleet.fired())).toEqual(new Set(['InstanceSlow pricing-1']));
  });

  it('calls it the link when an instance is fast and its callers wait for it all the same', () => {
    const fleet = steadyFleet(rate, seed);
    for (const caller of ['gateway-1', 'storefront-1']) fleet.delays.set(`${caller}>pricing-1`, 300);
    fleet.time.advance(10_000);
    expect(fleet.alarms('firing')).toEqual(['LinkAtRisk pricing-1']);
    expect(fleet.current[0]?.summary).toContain('wait long for pricing-1');
    fleet.delays.clear();
    fleet.time.advance(40_000);
    expect(fleet.alarms('firing')).toEqual([]);
    expect(new Set(fleet.fired())).toEqual(new Set(['LinkAtRisk pricing-1']));
  });

  it('stays quiet in the usual noise of a few faults and slow calls', () => {
    const fleet = steadyFleet(rate, seed);
    for (const id of ['pricing-1', 'pricing-2', 'pricing-3']) {
      fleet.get(id).answers = { code: 14, share: 0.02, latencyMs: 25 };
    }
    fleet.time.advance(2000 * 60);
    expect(fleet.fired()).toEqual([]);
  });

  it('raises nothing after a restart of the monitor, and what is still wrong again', () => {
    const fleet = steadyFleet(rate, seed);
    fleet.restartMonitor();
    fleet.time.advance(20_000);
    expect(fleet.fired()).toEqual([]);
    fleet.get('pricing-1').answers = { code: 0, latencyMs: 300 };
    fleet.time.advance(8000);
    fleet.restartMonitor();
    fleet.time.advance(30_000);
    expect(fleet.alarms('firing')).toEqual(['InstanceSlow pricing-1']);
    expect(fleet.fired()).toEqual(['InstanceSlow pricing-1', 'InstanceSlow pricing-1']);
  });

  it('names the link of an instance that only its callers cannot reach, within 5 s', () => {
    const fleet = steadyFleet(rate, seed);
    fleet.cut('gateway-1', 'pricing-1');
    fleet.cut('storefront-1', 'pricing-1');
    fleet.time.advance(5000);
    expect(fleet.alarms('firing')).toEqual(['LinkAtRisk pricing-1']);
    fleet.time.advance(3000);
    expect(fleet.current[0]?.facts['callers']).toBe('gateway-1, storefront-1');
    fleet.time.advance(30_000);
    fleet.mend();
    fleet.time.advance(10_000);
    expect(fleet.alarms('resolved')).toEqual(['LinkAtRisk pricing-1']);
    expect(fleet.fired()).toEqual(['LinkAtRisk pricing-1']);
  });

  it('tells one cut way from a cut instance, and a cut caller from both', () => {
    const one = steadyFleet(rate, seed);
    one.cut('gateway-1', 'pricing-1');
    one.time.advance(5000);
    expect(one.alarms('firing')).toEqual(['LinkAtRisk pricing-1']);
    expect(one.current[0]?.summary).toContain('storefront-1 can reach it');
    const caller = steadyFleet(rate, seed);
    for (const target of ['pricing-1', 'pricing-2', 'pricing-3']) caller.cut('gateway-1', target);
    caller.time.advance(5000);
    expect(caller.alarms('firing')).toEqual(['LinkAtRisk gateway-1']);
    caller.mend();
    caller.time.advance(10_000);
    expect(caller.alarms('firing')).toEqual([]);
  });

  it('calls a frozen instance silent and nothing else, and nothing more once it goes on', () => {
    const fleet = steadyFleet(rate, seed);
    fleet.freeze('pricing-2');
    fleet.time.timer(15_000, () => fleet.unlist(fleet.get('pricing-2')));
    fleet.time.advance(5000);
    expect(fleet.alarms('firing')).toEqual(['InstanceSilent pricing-2']);
    fleet.time.advance(25_000);
    fleet.get('pricing-2').vitals = { ...fleet.get('pricing-2').vitals, eventLoopDelayP99Ms: 30_000 };
    fleet.resume('pricing-2');
    fleet.get('pricing-2').vitals = { ...fleet.get('pricing-2').vitals, eventLoopDelayP99Ms: 12 };
    fleet.relist(fleet.get('pricing-2'));
    fleet.time.advance(20_000);
    expect(fleet.alarms('firing')).toEqual([]);
    expect(fleet.fired()).toEqual(['InstanceSilent pricing-2']);
  });

  it('stays quiet while a caller is frozen, but for the caller itself', () => {
    const fleet = steadyFleet(rate, seed);
    fleet.freeze('storefront-1');
    fleet.time.advance(30_000);
    fleet.resume('storefront-1');
    fleet.time.advance(20_000);
    expect(fleet.fired()).toEqual(['InstanceSilent storefront-1']);
  });

  it('stays quiet through a rolling restart', () => {
    const fleet = steadyFleet(rate, seed);
    for (const id of ['pricing-1', 'pricing-2', 'pricing-3', 'gateway-1']) {
      fleet.stop(id);
      fleet.time.advance(2500);
      fleet.start(id);
      fleet.time.advance(5000);
    }
    fleet.stop('pricing-3');
    fleet.time.advance(60_000);
    expect(fleet.fired()).toEqual([]);
  });

  it('stays quiet through an outage of the registry alone', () => {
    const fleet = steadyFleet(rate, seed);
    fleet.isRegistryUp = false;
    fleet.time.advance(60_000);
    fleet.isRegistryUp = true;
    // A restarted registry knows nobody until everybody has registered again.
    for (const process of fleet.processes.values()) fleet.unlist(process);
    fleet.time.advance(2000);
    for (const process of fleet.processes.values()) fleet.relist(process);
    fleet.time.advance(20_000);
    expect(fleet.fired()).toEqual([]);
  });

  it('blames nobody after it stood still itself', () => {
    const fleet = steadyFleet(rate, seed);
    fleet.isMonitorFrozen = true;
    fleet.time.advance(20_000);
    fleet.isMonitorFrozen = false;
    fleet.time.advance(250);
    fleet.thaw();
    fleet.time.advance(20_000);
    expect(fleet.fired()).toEqual([]);
  });

  it('names an instance with more work than it can do', () => {
    const fleet = steadyFleet(rate, seed);
    const process = fleet.get('pricing-1');
    const { vitals } = process;
    process.vitals = { ...vitals, eventLoopUtilization: 1, eventLoopDelayP99Ms: 400 };
    fleet.time.advance(6000);
    expect(fleet.alarms('firing')).toEqual(['InstanceOverloaded pricing-1']);
    process.vitals = vitals;
    fleet.time.advance(10_000);
    expect(fleet.alarms('resolved')).toEqual(['InstanceOverloaded pricing-1']);
  });
});
