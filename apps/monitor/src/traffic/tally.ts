import { LatencyHistogram } from '@rookery/telemetry';
import type { Counts } from './report.js';

/** Status codes by which a server says that it, not its caller, is at fault: UNKNOWN, INTERNAL, UNAVAILABLE, DATA_LOSS. */
const FAULTS = [2, 13, 14, 15] as const;
const CANCELLED = 1;
export const DEADLINE_EXCEEDED = 4;
const UNAVAILABLE = 14;

/**
 * Counts of finished calls: by status code, by latency, and the most that were in flight at once. Adds up without loss.
 * Sparse, unlike the histogram that it borrows for quantiles, because a monitor keeps thousands of them.
 */
export class Tally {
  calls = 0;
  sumMicros = 0;
  maxInFlight = 0;
  private readonly codes = new Map<number, number>();
  private readonly buckets = new Map<number, number>();

  static of(counts: Counts): Tally {
    const tally = new Tally();
    for (const [code, count] of counts.codes) tally.addCode(code, count);
    for (const [index, count] of counts.buckets) tally.addBucket(index, count);
    tally.sumMicros = counts.sumMicros;
    tally.maxInFlight = counts.maxInFlight;
    return tally;
  }

  add(other: Tally): this {
    for (const [code, count] of other.codes) this.addCode(code, count);
    for (const [index, count] of other.buckets) this.addBucket(index, count);
    this.sumMicros += other.sumMicros;
    this.maxInFlight = Math.max(this.maxInFlight, other.maxInFlight);
    return this;
  }

  /** The calls spread evenly over `parts` tallies, none lost and none twice. */
  split(parts: number): readonly Tally[] {
    return Array.from({ length: parts }, (_, part) => {
      const share = (count: number) => Math.floor((count * (part + 1)) / parts) - Math.floor((count * part) / parts);
      const tally = new Tally();
      for (const [code, count] of this.codes) tally.addCode(code, share(count));
      for (const [index, count] of this.buckets) tally.addBucket(index, share(count));
      tally.sumMicros = share(this.sumMicros);
      tally.maxInFlight = this.maxInFlight;
      return tally;
    });
  }

  count(code: number): number {
    return this.codes.get(code) ?? 0;
  }

  /** Finished calls by status code, the lowest code first. */
  byCode(): readonly (readonly [code: number, count: number])[] {
    return [...this.codes].sort(([a], [b]) => a - b);
  }

  /** Calls that ended with any code but OK. */
  get errors(): number {
    return this.calls - this.count(0);
  }

  get faults(): number {
    return FAULTS.reduce<number>((sum, code) => sum + this.count(code), 0);
  }

  /** Faults, and calls that were not answered in time. */
  get faultsAndTimeouts(): number {
    return this.faults + this.count(DEADLINE_EXCEEDED);
  }

  /** Calls that ended without an answer, or that their caller gave up. */
  get unfinished(): number {
    return this.count(CANCELLED) + this.unanswered;
  }

  /** Calls that failed as they do when nobody answers: UNAVAILABLE, DEADLINE_EXCEEDED. */
  get unanswered(): number {
    return this.count(UNAVAILABLE) + this.count(DEADLINE_EXCEEDED);
  }

  /** The latency in milliseconds that a share `q` of the calls did not exceed, as `LatencyHistogram` tells it. */
  quantileMs(q: number): number | undefined {
    const buckets = [...this.buckets].map(([index, count]) => ({ index, count }));
    const micros = LatencyHistogram.fromProto({ buckets, sumMicros: this.sumMicros }).quantile(q);
    return micros === undefined ? undefined : micros / 1000;
  }

  /** How many calls took longer than `limitMs`: those in buckets that lie wholly above it. */
  slowerThan(limitMs: number): number {
    const first = Math.ceil(4 * Math.log2(limitMs * 1000));
    let slower = 0;
    for (const [index, count] of this.buckets) if (index >= first) slower += count;
    return slower;
  }

  private addCode(code: number, count: number): void {
    if (count <= 0) return;
    this.codes.set(code, (this.codes.get(code) ?? 0) + count);
    this.calls += count;
  }

  private addBucket(index: number, count: number): void {
    if (count > 0) this.buckets.set(index, (this.buckets.get(index) ?? 0) + count);
  }
}
