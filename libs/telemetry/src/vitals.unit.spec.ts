import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';

import { EventLoopDelay } from './event-loop-delay.js';
import { NodeProcessProbe } from './node-process-probe.js';
import { ProcessProbe } from './process-probe.port.js';
import { VitalsSampler } from './vitals.js';

class FakeProbe extends ProcessProbe {
  readonly startedAtSeconds = 0;
  cpu = 5_000_000;
  loop = { activeMs: 100, idleMs: 900 };
  gc = 40;

  cpuMicros(): number {
    return this.cpu;
  }

  memory(): { residentBytes: number; heapUsedBytes: number; heapLimitBytes: number } {
    return { residentBytes: 300, heapUsedBytes: 100, heapLimitBytes: 200 };
  }

  eventLoop(): { activeMs: number; idleMs: number } {
    return { ...this.loop };
  }

  gcPauseMs(): number {
    return this.gc;
  }

  close(): void {
    this.gc = Number.NaN;
  }
}

class Setting {
  readonly time = new VirtualTime();
  readonly probe = new FakeProbe();
  readonly delay = new EventLoopDelay(this.time.clock, this.time);
  readonly sampler = new VitalsSampler(this.time.clock, this.probe, this.delay.window());

  constructor() {
    this.delay.start();
  }
}

describe('VitalsSampler', () => {
  it('tells of the time since the last sample, not since the process began', () => {
    const { probe, sampler, time } = new Setting();
    time.advance(2000);
    probe.cpu += 500_000;
    probe.loop = { activeMs: 1000, idleMs: 2000 };
    probe.gc += 12;
    expect(sampler.sample()).toMatchObject({
      cpuShare: 0.25,
      eventLoopUtilization: 0.45,
      gcPauseMs: 12,
      residentBytes: 300,
      heapUsedBytes: 100,
      heapLimitBytes: 200,
    });
    time.advance(1000);
    expect(sampler.sample()).toMatchObject({ cpuShare: 0, eventLoopUtilization: 0, gcPauseMs: 0 });
  });

  it('ends its shares at 1, though threads can use more than one core', () => {
    const { probe, sampler, time } = new Setting();
    time.advance(1000);
    probe.cpu += 3_000_000;
    expect(sampler.sample().cpuShare).toBe(1);
  });

  it('gives 0 and no NaN for two samples at one moment', () => {
    const { sampler } = new Setting();
    expect(sampler.sample()).toMatchObject({ cpuShare: 0, eventLoopUtilization: 0, eventLoopDelayP99Ms: 0 });
  });

  it('tells the load of the server once there is one, and what it refused since the last sample', () => {
    const { sampler } = new Setting();
    expect(sampler.sample()).toMatchObject({ inFlight: 0, inFlightLimit: 0, refusedCalls: 0 });
    let refused = 2;
    sampler.observeLoad({ inFlight: () => 7, limit: () => 100, refused: () => refused });
    expect(sampler.sample()).toMatchObject({ inFlight: 7, inFlightLimit: 100, refusedCalls: 2 });
    refused = 5;
    expect(sampler.sample().refusedCalls).toBe(3);
  });
});

describe('EventLoopDelay', () => {
  it('measures nothing while timers are on time', () => {
    const { delay, time } = new Setting();
    const window = delay.window();
    time.advance(1000);
    expect(window.takeP99Ms()).toBeLessThan(0.002);
  });

  it('sees a block that lasts a fraction of the window, also when it begins right after a reading', () => {
    const time = new VirtualTime();
    let blockedMs = 0;
    const clock = { now: () => time.clock.now(), monotonic: () => time.clock.monotonic() + blockedMs };
    const delay = new EventLoopDelay(clock, time);
    const window = delay.window();
    delay.start();
    time.advance(500);
    window.takeP99Ms();
    blockedMs += 300;
    time.advance(500);
    expect(window.takeP99Ms()).toBeGreaterThan(300 / 1.19);
    time.advance(500);
    expect(window.takeP99Ms()).toBeLessThan(0.002);
  });

  it('keeps the windows of two readers apart', () => {
    const time = new VirtualTime();
    let blockedMs = 0;
    const clock = { now: () => 0, monotonic: () => time.clock.monotonic() + blockedMs };
    const delay = new EventLoopDelay(clock, time);
    const [one, other] = [delay.window(), delay.window()];
    delay.start();
    blockedMs += 100;
    time.advance(100);
    expect(one.takeP99Ms()).toBeGreaterThan(80);
    expect(other.takeP99Ms()).toBeGreaterThan(80);
  });

  it('stops', () => {
    const { delay, time } = new Setting();
    delay.stop();
    expect(time.pending).toBe(0);
  });
});

describe('NodeProcessProbe', () => {
  it('reads this process', () => {
    const probe = new NodeProcessProbe();
    try {
      const memory = probe.memory();
      expect(probe.cpuMicros()).toBeGreaterThan(0);
      expect(memory.residentBytes).toBeGreaterThan(memory.heapUsedBytes);
      expect(memory.heapLimitBytes).toBeGreaterThan(memory.heapUsedBytes);
      expect(probe.eventLoop().activeMs).toBeGreaterThanOrEqual(0);
      expect(probe.gcPauseMs()).toBeGreaterThanOrEqual(0);
      expect(probe.startedAtSeconds).toBeLessThanOrEqual(Date.now() / 1000);
    } finally {
      probe.close();
    }
  });
});
