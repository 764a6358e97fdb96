import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';
import { ProcessTime } from '../testing/process-time.js';
import { Vigil } from './vigil.js';

const LEASE_MS = 3000;

function stage(isSeen = true, leaseMs = LEASE_MS) {
  const time = new VirtualTime();
  const process = new ProcessTime(time);
  const told: number[] = [];
  const note = (): void => void told.push(time.clock.monotonic());
  const vigil = new Vigil(time.clock, process, leaseMs, () => isSeen, note);
  const standStill = (ms: number): void => {
    process.pause();
    time.advance(ms);
  };
  return { process, standStill, time, told, vigil };
}

describe('a vigil', () => {
  it('finds a process awake that does nothing for long', () => {
    const { time, told, vigil } = stage();
    time.advance(3_600_000);
    expect([vigil.isAwake, told]).toEqual([true, []]);
  });

  it('notices a standstill of more than the lease before the first work afterwards, and tells it once', () => {
    const { process, standStill, time, told, vigil } = stage();
    standStill(LEASE_MS + 1);
    expect([vigil.isAwake, vigil.isAwake]).toEqual([false, false]);
    process.resume();
    time.advance(60_000);
    expect([vigil.isAwake, told.length]).toEqual([false, 1]);
  });

  it('notices it by itself where there is no work', () => {
    const { process, standStill, time, told } = stage();
    standStill(LEASE_MS + 1);
    process.resume();
    time.advance(0);
    expect(told).toHaveLength(1);
  });

  it('lets shorter standstills pass, however many', () => {
    const { process, standStill, time, vigil } = stage();
    for (let round = 0; round < 10; round++) {
      standStill(LEASE_MS / 2);
      process.resume();
      time.advance(0);
      expect(vigil.isAwake).toBe(true);
    }
  });

  it('does not care where nobody could give the process up', () => {
    const { process, standStill, time, told, vigil } = stage(false);
    standStill(60_000);
    expect(vigil.isAwake).toBe(true);
    process.resume();
    time.advance(60_000);
    expect([vigil.isAwake, told]).toEqual([true, []]);
  });

  it('is kept in a process whose lease is 0, and ends when it is closed', () => {
    const { time, vigil } = stage(true, 0);
    time.advance(1000);
    expect(vigil.isAwake).toBe(true);
    vigil.close();
    expect(time.pending).toBe(0);
  });
});
