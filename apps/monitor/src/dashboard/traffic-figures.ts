import { CODE_NAMES } from '@rookery/telemetry';
import type { SlotWindow } from '../traffic/slot-window.js';
import { Tally } from '../traffic/tally.js';

/** Figures of one stretch of time, for people and scripts. */
export interface TrafficFigures {
  readonly calls: number;
  readonly perSecond: number;
  /** Calls that ended with any code but OK. */
  readonly errors: number;
  /** Those of them that are the server's own fault, or that nobody answered in time. */
  readonly faults: number;
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxInFlight: number;
  readonly codes: Readonly<Record<string, number>>;
}

/** The same over the last 10 and the last 60 seconds. */
export interface WindowedFigures {
  readonly last10s: TrafficFigures;
  readonly last60s: TrafficFigures;
}

/** Sums the windows up to the last full second before monotonic `at`. */
export function figuresOf(windows: Iterable<SlotWindow>, at: number): WindowedFigures {
  const second = Math.floor(at / 1000) - 1;
  const ten = new Tally();
  const sixty = new Tally();
  for (const window of windows) {
    ten.add(window.sum(second, 10));
    sixty.add(window.sum(second, 60));
  }
  return { last10s: toFigures(ten, 10), last60s: toFigures(sixty, 60) };
}

function toFigures(tally: Tally, seconds: number): TrafficFigures {
  return {
    calls: tally.calls,
    perSecond: Math.round((10 * tally.calls) / seconds) / 10,
    errors: tally.errors,
    faults: tally.faultsAndTimeouts,
    p50Ms: rounded(tally.quantileMs(0.5)),
    p90Ms: rounded(tally.quantileMs(0.9)),
    p99Ms: rounded(tally.quantileMs(0.99)),
    maxInFlight: tally.maxInFlight,
    codes: Object.fromEntries(tally.byCode().map(([code, count]) => [CODE_NAMES[code] ?? `CODE_${code}`, count])),
  };
}

/** Three significant digits: the buckets tell no more. */
function rounded(ms: number | undefined): number | null {
  return ms === undefined ? null : Number(ms.toPrecision(3));
}
