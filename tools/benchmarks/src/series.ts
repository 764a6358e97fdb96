import { median } from './statistics.js';

/** What one round measured of one subject. */
export interface Sample {
  readonly perSecond: number;
  /** User and system time per operation, garbage collection and helper threads included. */
  readonly cpuMicros: number;
  readonly p50Millis?: number;
  readonly p99Millis?: number;
  readonly bytesPerActor?: number;
  /** CPU µs per operation of each process. */
  readonly parts: Readonly<Record<string, number>>;
}

/** All rounds of one subject at one concurrency. */
export interface Series {
  readonly subject: string;
  readonly concurrency: number | undefined;
  readonly grains?: number;
  readonly samples: readonly Sample[];
}

/** What `--json` prints of a series: medians. */
export interface Row {
  readonly bench: string;
  readonly subject: string;
  readonly concurrency?: number;
  readonly grains?: number;
  readonly perSecond: number;
  readonly cpuMicros: number;
  readonly p50Millis?: number;
  readonly p99Millis?: number;
  readonly bytesPerActor?: number;
}

export function rowOf(bench: string, { subject, concurrency, grains, samples }: Series): Row {
  const [first] = samples;
  const middle = (read: (sample: Sample) => number | undefined, digits: number): number =>
    Number(median(samples.map((sample) => read(sample) ?? NaN)).toFixed(digits));
  return {
    bench,
    subject,
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(grains === undefined ? {} : { grains }),
    perSecond: middle((sample) => sample.perSecond, 0),
    cpuMicros: middle((sample) => sample.cpuMicros, 4),
    ...(first?.p50Millis === undefined ? {} : { p50Millis: middle((sample) => sample.p50Millis, 3) }),
    ...(first?.p99Millis === undefined ? {} : { p99Millis: middle((sample) => sample.p99Millis, 3) }),
    ...(first?.bytesPerActor === undefined ? {} : { bytesPerActor: middle((sample) => sample.bytesPerActor, 0) }),
  };
}

/** What an operation takes: CPU of all its processes, time on the clock, or memory. */
export type Cost = 'cpu' | 'time' | 'memory';

/** Three figures of several rounds. */
export interface Spread {
  readonly lowest: number;
  readonly median: number;
  readonly highest: number;
}

export function spreadOf(values: readonly number[]): Spread {
  return { lowest: Math.min(...values), median: median(values), highest: Math.max(...values) };
}

/**
 * How much more an operation costs than with `reference`: compared round by round, because what disturbs the machine disturbs
 * neighbours alike.
 */
export function ratioOf(series: Series, reference: Series, cost: Cost): Spread {
  return spreadOf(
    series.samples.map((sample, round) => {
      const own = reference.samples[round];
      return own === undefined ? NaN : costOf(sample, cost) / costOf(own, cost);
    }),
  );
}

function costOf({ bytesPerActor = NaN, cpuMicros, perSecond }: Sample, cost: Cost): number {
  switch (cost) {
    case 'cpu':
      return cpuMicros;
    case 'time':
      return 1 / perSecond;
    case 'memory':
      return bytesPerActor;
  }
}
