export interface EwmaOptions {
  /** Since when `initial` is believed. Default 0. */
  readonly now?: number;
  /** What to believe before the first sample. Default: nothing, and the first sample is taken as it is. */
  readonly initial?: number;
  /** How many samples `initial` counts for. Default Infinity: time alone decides how soon it is forgotten. */
  readonly initialSamples?: number;
  /** The most that one sample may count against all before it, however long ago they were. Default 1. */
  readonly largestShare?: number;
}

/**
 * A mean that forgets with time: each sample stands for the time since the one before it, so that a thousand samples in
 * a second say as much as one sample a second. After `decayMs` of new samples the old ones count 37 %.
 *
 * Times are monotonic milliseconds. No allocation after construction.
 */
export class Ewma {
  private mean: number;
  private samples: number;
  private observedAt: number;
  private readonly largestShare: number;

  constructor(
    private readonly decayMs: number,
    options: EwmaOptions = {},
  ) {
    if (!(decayMs > 0 && decayMs < Infinity)) throw new RangeError(`decayMs must be above 0, got ${decayMs}`);
    const { now = 0, initial, initialSamples = Infinity, largestShare = 1 } = options;
    this.mean = initial ?? Number.NaN;
    this.samples = initial === undefined ? 0 : initialSamples;
    this.observedAt = now;
    this.largestShare = largestShare;
  }

  /** The current mean; NaN before anything is known. */
  get value(): number {
    return this.mean;
  }

  /** Whether there is a mean: a sample was observed or an initial value given. */
  get isKnown(): boolean {
    return this.samples > 0;
  }

  observe(value: number, now: number): void {
    this.samples++;
    const share = this.shareAt(now);
    this.observedAt = now;
    this.mean = this.samples === 1 ? value : this.mean + share * (value - this.mean);
  }

  private shareAt(now: number): number {
    const elapsed = now - this.observedAt;
    const byTime = elapsed > 0 ? 1 - Math.exp(-elapsed / this.decayMs) : 0;
    // While little is known every sample counts the same, or the first one would rule for the whole decay time.
    const byCount = 1 / this.samples;
    const share = byTime > byCount ? byTime : byCount;
    return share < this.largestShare ? share : this.largestShare;
  }
}
