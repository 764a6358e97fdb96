/** Names one run of one instance. */
export interface InstanceRef {
  readonly service: string;
  readonly instanceId: string;
  /** Empty for an instance whose registry entry does not tell. */
  readonly incarnation: string;
}

/** What was counted of one method in one report. */
export interface Counts {
  /** Finished calls by gRPC status code. */
  readonly codes: readonly (readonly [code: number, count: number])[];
  /** Finished calls by latency bucket, numbered as in the contract's `Histogram`. */
  readonly buckets: readonly (readonly [index: number, count: number])[];
  readonly sumMicros: number;
  readonly maxInFlight: number;
}

export interface CallerEntry {
  readonly target: InstanceRef;
  readonly method: string;
  readonly counts: Counts;
}

export interface CalleeEntry {
  readonly method: string;
  readonly counts: Counts;
}

export type LinkState = 'up' | 'suspect' | 'down' | 'unknown';

export interface LinkEntry {
  readonly target: InstanceRef;
  readonly state: LinkState;
  /** How long the state had lasted when the report was made; a duration, so that no clocks are compared. */
  readonly lastedMs: number;
}

/** How the process was. Shares are 0 to 1 of one core. */
export interface Vitals {
  readonly cpuShare: number;
  readonly residentBytes: number;
  readonly heapUsedBytes: number;
  readonly heapLimitBytes: number;
  readonly eventLoopDelayP99Ms: number;
  readonly eventLoopUtilization: number;
  readonly gcPauseMs: number;
  readonly inFlight: number;
  readonly inFlightLimit: number;
  /** In the reported period. */
  readonly refusedCalls: number;
}

/** A task of a whole service that cannot get past an error where this was reported. */
export interface StoppedTask {
  readonly task: string;
  readonly code: string;
  readonly reason: string;
}

/** One report of one process, as the monitor works with it. */
export interface Report {
  readonly reporter: InstanceRef;
  readonly version: string;
  readonly sequence: number;
  /** Length of the reported period by the reporter's own clock. */
  readonly periodMs: number;
  readonly mergedPeriods: number;
  readonly caller: readonly CallerEntry[];
  readonly callee: readonly CalleeEntry[];
  readonly links: readonly LinkEntry[];
  readonly stoppedTasks: readonly StoppedTask[];
  readonly vitals: Vitals | undefined;
  readonly lostCalls: number;
  readonly isFinal: boolean;
}

/** One key for each run of an instance. No part may hold a line feed; the mapper sees to it. */
export function runKey(ref: InstanceRef): string {
  return `${ref.service}\n${ref.instanceId}\n${ref.incarnation}`;
}

/** One key for each instance, whatever its incarnation. */
export function instanceKey(ref: Pick<InstanceRef, 'service' | 'instanceId'>): string {
  return `${ref.service}\n${ref.instanceId}`;
}
