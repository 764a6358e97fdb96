import { CODE_NAMES, type CallRecord, knownCode } from './call-record.js';

/** What a label says when its own value would be one too many. */
export const OTHER = 'other';

/**
 * Upper bounds in seconds of the latency buckets on /metrics. Eleven, because each costs a time series for each method;
 * dense between 0.5 ms and 100 ms, where a call inside one data centre lives.
 */
export const DURATION_BOUNDS: readonly number[] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

const TRANSPORTS = ['link', 'grpc', 'http'] as const;

/**
 * Everything /metrics says of one method, counted since the process began. Plain arrays: a call costs a few additions,
 * and names and labels are put together only when somebody scrapes.
 */
export class CallSeries {
  private readonly calls = new Float64Array(CODE_NAMES.length * TRANSPORTS.length);
  private readonly durations = new Float64Array(DURATION_BOUNDS.length + 1);
  private seconds = 0;
  private running = 0;

  constructor(
    /** The service that was called; empty on the callee's side, where it is this process's own. */
    readonly service: string,
    readonly method: string,
  ) {}

  get inFlight(): number {
    return this.running;
  }

  /** The sum of all durations in `durationBuckets`. */
  get durationSeconds(): number {
    return this.seconds;
  }

  started(): void {
    this.running++;
  }

  ended(record: CallRecord): void {
    // Never below 0: the end of a call may be the first that is heard of it, when it began before this was observing.
    if (this.running > 0) this.running--;
    const slot = knownCode(record.code) * TRANSPORTS.length + TRANSPORTS.indexOf(record.transport);
    this.calls[slot] = (this.calls[slot] ?? 0) + 1;
    if (!record.isStream) this.observe(record.durationMs / 1000);
  }

  /** How many calls ended, for each code and transport that occurred. */
  *counts(): Generator<{ readonly code: string; readonly transport: string; readonly count: number }> {
    for (const [code, name] of CODE_NAMES.entries()) {
      for (const [index, transport] of TRANSPORTS.entries()) {
        const count = this.calls[code * TRANSPORTS.length + index] ?? 0;
        if (count > 0) yield { code: name, transport, count };
      }
    }
  }

  /** Unary calls by duration: one count for each bound, not cumulative, and a last one for what took longer. */
  durationBuckets(): Readonly<Float64Array> {
    return this.durations;
  }

  private observe(seconds: number): void {
    let index = 0;
    while (index < DURATION_BOUNDS.length && seconds > (DURATION_BOUNDS[index] ?? 0)) index++;
    this.durations[index] = (this.durations[index] ?? 0) + 1;
    this.seconds += seconds;
  }
}

/**
 * The series of one side, bounded: past `limit` everything new is counted together as `other`, so that no caller and no
 * registry can make /metrics grow without end. A series once there stays, as Prometheus expects of a counter.
 */
export class SeriesTable {
  private readonly byService = new Map<string, Map<string, CallSeries>>();
  private readonly all: CallSeries[] = [];
  private rest: CallSeries | undefined;

  constructor(private readonly limit: number) {}

  of(service: string, method: string): CallSeries {
    const known = this.byService.get(service)?.get(method);
    if (known !== undefined) return known;
    if (method !== OTHER && this.all.length < this.limit) return this.create(service, method);
    this.rest ??= new CallSeries(service === '' ? '' : OTHER, OTHER);
    return this.rest;
  }

  *[Symbol.iterator](): Generator<CallSeries> {
    yield* this.all;
    if (this.rest !== undefined) yield this.rest;
  }

  private create(service: string, method: string): CallSeries {
    const series = new CallSeries(service, method);
    let methods = this.byService.get(service);
    if (methods === undefined) this.byService.set(service, (methods = new Map<string, CallSeries>()));
    methods.set(method, series);
    this.all.push(series);
    return series;
  }
}
