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

  /**
   * `initial` is what to believe before the first sample, held since `now` and counted as `initialSamples` samples:
   * Infinity lets time alone decide how soon it is forgotten. With none, the first sample is taken as it is.
   */
  constructor(
    private readonly decayMs: number,
    now = 0,
    initial = Number.NaN,
    initialSamples = 0,
  ) {
    if (!(decayMs > 0 && decayMs < Infinity)) throw new RangeError(`decayMs must be above 0, got ${decayMs}`);
    this.mean = initial;
    this.samples = initialSamples;
    this.observedAt = now;
  }

  /** The current mean; NaN before anything is known. */
  get value(): number {
    return this.mean;
  }

  /** Whether there is a mean: a sample was observed or an initial value given. */
  get isKnown(): boolean {
    return !Number.isNaN(this.mean);
  }

  observe(value: number, now: number): void {
    const elapsed = Math.max(0, now - this.observedAt);
    this.observedAt = now;
    const byTime = 1 - Math.exp(-elapsed / this.decayMs);
    this.samples++;
    // While little is known every sample counts the same, or the first one would rule for the whole decay time.
    const share = Math.max(byTime, 1 / this.samples);
    this.mean = this.samples === 1 ? value : this.mean + share * (value - this.mean);
  }
}
