import { median } from './statistics.js';

/** What one round measured of one subject. */
export interface Sample {
  readonly perSecond: number;
  /** User and system time per call, garbage collection and helper threads included. */
  readonly cpuMicros: number;
  readonly p50Millis: number;
  readonly p99Millis: number;
  /** CPU µs per call of each process. */
  readonly parts: Readonly<Record<string, number>>;
}

/** All rounds of one subject at one concurrency. */
export interface Series {
  readonly subject: string;
  readonly concurrency: number;
  readonly samples: readonly Sample[];
}

/** What `--json` prints of a series: medians. */
export interface Row {
  readonly bench: string;
  readonly subject: string;
  readonly concurrency: number;
  readonly perSecond: number;
  readonly cpuMicros: number;
  readonly p50Millis: number;
  readonly p99Millis: number;
}

export function rowOf(bench: string, series: Series): Row {
  const { subject, concurrency, samples } = series;
  const middle = (read: (sample: Sample) => number, digits: number): number =>
    Number(median(samples.map(read)).toFixed(digits));
  return {
    bench,
    subject,
    concurrency,
    perSecond: middle((sample) => sample.perSecond, 0),
    cpuMicros: middle((sample) => sample.cpuMicros, 2),
    p50Millis: middle((sample) => sample.p50Millis, 3),
    p99Millis: middle((sample) => sample.p99Millis, 3),
  };
}

/** How much more CPU a call costs than with `reference`: the ratio of each round, lowest, median and highest. */
export interface Ratio {
  readonly lowest: number;
  readonly median: number;
  readonly highest: number;
}

/** Compares round by round, because what disturbs the machine disturbs neighbours alike. */
export function ratioOf(series: Series, reference: Series): Ratio {
  const ratios = series.samples.map(({ cpuMicros }, round) => cpuMicros / (reference.samples[round]?.cpuMicros ?? NaN));
  return { lowest: Math.min(...ratios), median: median(ratios), highest: Math.max(...ratios) };
}
