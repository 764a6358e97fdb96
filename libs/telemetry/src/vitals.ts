import type { Clock } from '@rookery/runtime';

import type { DelayWindow } from './event-loop-delay.js';
import type { ProcessProbe } from './process-probe.port.js';

/** What the server of this process says of its load. */
export interface LoadSource {
  /** Calls being served now. */
  inFlight(): number;
  /** Calls it would serve at one time; 0 when there is no limit. */
  limit(): number;
  /** Calls refused since the process began, because it had too many. */
  refused(): number;
}

/** `monitor.Vitals` of the report. */
export interface VitalsMessage {
  cpuShare: number;
  residentBytes: number;
  heapUsedBytes: number;
  heapLimitBytes: number;
  eventLoopDelayP99Ms: number;
  eventLoopUtilization: number;
  gcPauseMs: number;
  inFlight: number;
  inFlightLimit: number;
  refusedCalls: number;
}

interface Totals {
  readonly atMs: number;
  readonly cpuMicros: number;
  readonly activeMs: number;
  readonly idleMs: number;
  readonly gcPauseMs: number;
  readonly refused: number;
}

/** How the process is. Everything that is not a level (memory, in flight) covers the time since the last sample. */
export class VitalsSampler {
  private load: LoadSource | undefined;
  private last: Totals;

  constructor(
    private readonly clock: Clock,
    private readonly probe: ProcessProbe,
    private readonly delay: DelayWindow,
  ) {
    this.last = this.totals();
  }

  /** Says whose load the vitals tell. Until then it is 0. */
  observeLoad(load: LoadSource): void {
    this.load = load;
  }

  sample(): VitalsMessage {
    const now = this.totals();
    const { last } = this;
    this.last = now;
    const activeMs = now.activeMs - last.activeMs;
    return {
      ...this.probe.memory(),
      cpuShare: share((now.cpuMicros - last.cpuMicros) / 1000, now.atMs - last.atMs),
      eventLoopDelayP99Ms: this.delay.takeP99Ms(),
      eventLoopUtilization: share(activeMs, activeMs + now.idleMs - last.idleMs),
      gcPauseMs: now.gcPauseMs - last.gcPauseMs,
      inFlight: this.load?.inFlight() ?? 0,
      inFlightLimit: this.load?.limit() ?? 0,
      refusedCalls: now.refused - last.refused,
    };
  }

  private totals(): Totals {
    return {
      atMs: this.clock.monotonic(),
      cpuMicros: this.probe.cpuMicros(),
      ...this.probe.eventLoop(),
      gcPauseMs: this.probe.gcPauseMs(),
      refused: this.load?.refused() ?? 0,
    };
  }
}

/** A part of a whole, from 0 to 1: other threads can make a process use more than one core, the report's scale ends there. */
function share(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0;
}
