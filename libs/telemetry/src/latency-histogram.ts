/** What `monitor.Histogram` carries: the buckets that hold something, by rising index. */
export interface HistogramMessage {
  buckets: { index: number; count: number }[];
  sumMicros: number;
}

/** Four buckets for each doubling, from 1 µs to 2^32 µs (71 minutes); a longer call lands in the last one. */
export const BUCKET_COUNT = 128;

const MAX_MICROS = 2 ** 32 - 1;
const QUARTER = 2 ** 0.25;
const HALF = 2 ** 0.5;
const THREE_QUARTERS = 2 ** 0.75;

/**
 * Latencies in buckets of equal ratio: bucket i holds [2^(i/4), 2^((i+1)/4)) microseconds, bucket 0 also what is
 * shorter. Two histograms add up bucket by bucket without loss, in any order, which is what lets reports of many
 * processes and many periods be merged. A quantile is at most 19 % above and 16 % below the true value.
 */
export class LatencyHistogram {
  // Doubles, not 32-bit integers: a monitor adds up windows of many processes.
  private readonly counts = new Float64Array(BUCKET_COUNT);
  private total = 0;
  private sum = 0;

  /** How many latencies were recorded or merged in. */
  get count(): number {
    return this.total;
  }

  /** The sum of all latencies, each rounded to a whole microsecond, so that sums add up exactly in any order. */
  get sumMicros(): number {
    return this.sum;
  }

  /** The arithmetic mean in microseconds; undefined when nothing was recorded. */
  get meanMicros(): number | undefined {
    return this.total === 0 ? undefined : this.sum / this.total;
  }

  /** Counts one latency. Allocates nothing. What is no positive number counts as 0 µs. */
  record(micros: number): void {
    const bounded = micros > 0 ? Math.min(micros, MAX_MICROS) : 0;
    this.add(bucketOf(bounded), 1);
    this.sum += Math.round(bounded);
  }

  /** Adds all of `other` to this one. `other` keeps what it has. */
  merge(other: LatencyHistogram): void {
    for (let index = 0; index < BUCKET_COUNT; index++) this.add(index, other.counts[index] ?? 0);
    this.sum += other.sum;
  }

  /**
   * The latency in microseconds that the share `q` (0 to 1) of all calls did not exceed (nearest rank), interpolated
   * inside its bucket; undefined when nothing was recorded.
   */
  quantile(q: number): number | undefined {
    if (this.total === 0) return undefined;
    const rank = Math.min(this.total, Math.max(1, Math.ceil(q * this.total)));
    let below = 0;
    for (let index = 0; index < BUCKET_COUNT; index++) {
      const count = this.counts[index] ?? 0;
      if (below + count >= rank) return interpolate(index, (rank - below - 0.5) / count);
      below += count;
    }
    return bucketStart(BUCKET_COUNT);
  }

  /** Forgets everything. */
  reset(): void {
    this.counts.fill(0);
    this.total = 0;
    this.sum = 0;
  }

  toProto(): HistogramMessage {
    const buckets: HistogramMessage['buckets'] = [];
    for (let index = 0; index < BUCKET_COUNT; index++) {
      const count = this.counts[index] ?? 0;
      if (count > 0) buckets.push({ index, count });
    }
    return { buckets, sumMicros: this.sum };
  }

  /** Reads a message as it came from the wire: an index past the last bucket counts there, so a total is never lost. */
  static fromProto(message: HistogramMessage): LatencyHistogram {
    const histogram = new LatencyHistogram();
    for (const { index, count } of message.buckets) histogram.add(Math.min(index, BUCKET_COUNT - 1), count);
    histogram.sum = message.sumMicros;
    return histogram;
  }

  private add(index: number, count: number): void {
    this.counts[index] = (this.counts[index] ?? 0) + count;
    this.total += count;
  }
}

/** The bucket of a latency between 0 and 2^32 − 1 microseconds. Exact at the borders, which a logarithm is not. */
export function bucketOf(micros: number): number {
  if (micros < 1) return 0;
  const exponent = 31 - Math.clz32(micros);
  const ratio = micros / 2 ** exponent;
  const quarter = ratio < HALF ? (ratio < QUARTER ? 0 : 1) : ratio < THREE_QUARTERS ? 2 : 3;
  return exponent * 4 + quarter;
}

/** The lower bound of bucket `index` in microseconds. */
export function bucketStart(index: number): number {
  return 2 ** (index >> 2) * ([1, QUARTER, HALF, THREE_QUARTERS][index & 3] ?? 1);
}

function interpolate(index: number, share: number): number {
  const start = bucketStart(index);
  return start + (bucketStart(index + 1) - start) * share;
}
