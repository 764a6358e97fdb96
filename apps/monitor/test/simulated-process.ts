import type { Instance } from '@rookery/discovery';
import type { Counts, InstanceRef, StoppedTask, Vitals } from '../src/traffic/report.js';

/** How one simulated provider answers: `code` for a share of the calls, OK for the others. */
export interface Behaviour {
  code: number;
  share?: number;
  latencyMs: number;
}

export interface Process {
  readonly ref: InstanceRef;
  incarnationNumber: number;
  sequence: number;
  isRunning: boolean;
  /** Since when it stands still. */
  frozenAt: number | undefined;
  isListed: boolean;
  answers: Behaviour;
  vitals: Vitals;
  stoppedTasks: readonly StoppedTask[];
  lastReportAt: number;
  readonly startedAt: number;
  readonly served: Counted;
}

/** Finished calls since the last report, and those in flight. */
export class Counted {
  /** Calls that have begun so far. */
  started = 0;
  private finished: { readonly code: number; readonly latencyMs: number }[] = [];
  private inFlight = 0;
  private maxInFlight = 0;

  begin(): void {
    this.started++;
    this.inFlight++;
    this.maxInFlight = Math.max(this.maxInFlight, this.inFlight);
  }

  ended(code: number, latencyMs: number): void {
    this.inFlight--;
    this.finished.push({ code, latencyMs });
  }

  /** Undefined when there was nothing, not even a call in flight. */
  take(): Counts | undefined {
    if (this.finished.length === 0 && this.maxInFlight === 0) return undefined;
    const counts = countsOf(this.finished, this.maxInFlight);
    this.finished = [];
    this.maxInFlight = this.inFlight;
    return counts;
  }
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

function countsOf(calls: readonly { code: number; latencyMs: number }[], maxInFlight: number): Counts {
  const codes = new Map<number, number>();
  const buckets = new Map<number, number>();
  for (const { code, latencyMs } of calls) {
    const index = Math.max(0, Math.floor(4 * Math.log2(Math.max(1, latencyMs * 1000))));
    codes.set(code, (codes.get(code) ?? 0) + 1);
    buckets.set(index, (buckets.get(index) ?? 0) + 1);
  }
  const sumMicros = Math.round(calls.reduce((sum, { latencyMs }) => sum + latencyMs * 1000, 0));
  return { codes: [...codes], buckets: [...buckets], sumMicros, maxInFlight };
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
