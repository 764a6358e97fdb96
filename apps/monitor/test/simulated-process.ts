import type { Instance } from '@rookery/discovery';
import type { Counts, InstanceRef, LinkEntry, Vitals } from '../src/traffic/report.js';

/** How one simulated provider answers. */
export interface Behaviour {
  code: number;
  latencyMs: number;
}

export interface Process {
  readonly ref: InstanceRef;
  incarnationNumber: number;
  sequence: number;
  isRunning: boolean;
  isFrozen: boolean;
  isListed: boolean;
  answers: Behaviour;
  vitals: Vitals;
  lastReportAt: number;
  readonly startedAt: number;
  readonly calls: { code: number; latencyMs: number; target: string | undefined }[];
  readonly links: Map<string, { state: LinkEntry['state']; since: number }>;
}

export const calm: Vitals = {
  cpuShare: 0.1,
  residentBytes: 80e6,
  heapUsedBytes: 30e6,
  heapLimitBytes: 2e9,
  eventLoopDelayP99Ms: 12,
  eventLoopUtilization: 0.1,
  gcPauseMs: 1,
  inFlight: 1,
  inFlightLimit: 1000,
  refusedCalls: 0,
};

export function countsOf(calls: readonly { code: number; latencyMs: number }[]): Counts {
  const codes = new Map<number, number>();
  const buckets = new Map<number, number>();
  for (const { code, latencyMs } of calls) {
    const index = Math.max(0, Math.floor(4 * Math.log2(Math.max(1, latencyMs * 1000))));
    codes.set(code, (codes.get(code) ?? 0) + 1);
    buckets.set(index, (buckets.get(index) ?? 0) + 1);
  }
  const sumMicros = Math.round(calls.reduce((sum, { latencyMs }) => sum + latencyMs * 1000, 0));
  return { codes: [...codes], buckets: [...buckets], sumMicros, maxInFlight: 1 };
}

export function instanceOf({ ref, startedAt }: Process): Instance {
  return {
    id: ref.instanceId,
    service: ref.service,
    incarnation: ref.incarnation,
    version: '1.0.0',
    zone: 'local',
    weight: 100,
    startedAt,
    endpoints: {},
    capabilities: ['link'],
    contractDigest: '',
  };
}
