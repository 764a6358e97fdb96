import { CODE_NAMES, type CallRecord, knownCode } from './call-record.js';
import type { CallSeries } from './call-series.js';
import { type HistogramMessage, LatencyHistogram } from './latency-histogram.js';

/** What was counted since the tally was last taken, in the shape of the report. */
export interface TallyTaken {
  outcomes: { codes: { code: number; count: number }[]; latency: HistogramMessage };
  maxInFlight: number;
}

/** What the next report says of one method (of one target, on the caller's side), and the way to its series. */
export class CallTally {
  private readonly codes = new Float64Array(CODE_NAMES.length);
  private readonly latency = new LatencyHistogram();
  private inFlight = 0;
  private maxInFlight = 0;
  private finished = 0;
  private idle = 0;

  constructor(private readonly series: CallSeries) {}

  /** How often in a row `take` found nothing; 0 while calls are in flight. */
  get idlePeriods(): number {
    return this.idle;
  }

  started(): void {
    this.series.started();
    this.inFlight++;
    if (this.inFlight > this.maxInFlight) this.maxInFlight = this.inFlight;
  }

  ended(record: CallRecord): void {
    this.series.ended(record);
    if (this.inFlight > 0) this.inFlight--;
    const code = knownCode(record.code);
    this.codes[code] = (this.codes[code] ?? 0) + 1;
    this.finished++;
    if (!record.isStream) this.latency.record(record.durationMs * 1000);
  }

  /** Takes what was counted and begins again; undefined when there was nothing, not even a call in flight. */
  take(): TallyTaken | undefined {
    if (this.finished === 0 && this.maxInFlight === 0) {
      this.idle++;
      return undefined;
    }
    this.idle = 0;
    const taken = {
      outcomes: { codes: this.takeCodes(), latency: this.latency.toProto() },
      maxInFlight: this.maxInFlight,
    };
    this.latency.reset();
    this.finished = 0;
    this.maxInFlight = this.inFlight;
    return taken;
  }

  private takeCodes(): { code: number; count: number }[] {
    const taken: { code: number; count: number }[] = [];
    for (let code = 0; code < CODE_NAMES.length; code++) {
      const count = this.codes[code] ?? 0;
      if (count > 0) taken.push({ code, count });
    }
    this.codes.fill(0);
    return taken;
  }
}
