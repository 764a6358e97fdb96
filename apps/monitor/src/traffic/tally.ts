import { LatencyHistogram } from '@rookery/telemetry';
import { addAll, addTo, entriesOf, type Pairs } from './pairs.js';
import type { Counts } from './report.js';

/** Status codes by which a server says that it, not its caller, is at fault: UNKNOWN, INTERNAL, UNAVAILABLE, DATA_LOSS. */
const FAULTS = [2, 13, 14, 15] as const;
/** By which it says that it does not know the method, or does not trust or allow the caller. */
const REFUSALS = [7, 12, 16] as const;
const CANCELLED = 1;
export const DEADLINE_EXCEEDED = 4;
const UNAVAILABLE = 14;

/**
 * Counts of finished calls: by status code, by latency, and the most that were in flight at once. Adds up without loss.
 * Few numbers in plain arrays, unlike the histogram that it borrows for quantiles: a monitor keeps a million of them.
 */
export class Tally {
  calls = 0;
  sumMicros = 0;
  maxInFlight = 0;

  constructor(
    private readonly codes: Pairs = [],
    private readonly buckets: Pairs = [],
  ) {}

  static of(counts: Counts): Tally {
    const tally = new Tally();
    for (const [code, count] of counts.codes) tally.addCode(code, count);
    for (const [index, count] of counts.buckets) addTo(tally.buckets, index, count);
    tally.sumMicros = counts.sumMicros;
    tally.maxInFlight = counts.maxInFlight;
    return tally;
  }

  /** The same counts in arrays that have no room to spare. */
  copy(): Tally {
    const copy = new Tally(this.codes.slice(), this.buckets.slice());
    copy.calls = this.calls;
    copy.sumMicros = this.sumMicros;
    copy.maxInFlight = this.maxInFlight;
    return copy;
  }

  add(other: Tally): this {
    this.calls += other.calls;
    addAll(this.codes, other.codes);
    addAll(this.buckets, other.buckets);
    this.sumMicros += other.sumMicros;
    if (other.maxInFlight > this.maxInFlight) this.maxInFlight = other.maxInFlight;
    return this;
  }

  /** The calls spread evenly over `parts` tallies, none lost and none twice. */
  split(parts: number): readonly Tally[] {
    return Array.from({ length: parts }, (_, part) => {
      const share = (count: number) => Math.floor((count * (part + 1)) / parts) - Math.floor((count * part) / parts);
      const tally = new Tally();
      for (const [code, count] of this.byCode()) tally.addCode(code, share(count));
      for (const [index, count] of entriesOf(this.buckets)) addTo(tally.buckets, index, share(count));
      tally.sumMicros = share(this.sumMicros);
      tally.maxInFlight = this.maxInFlight;
      return tally;
    });
  }

  count(code: number): number {
    const { codes } = this;
    for (let at = 0; at < codes.length; at += 2) if (codes[at] === code) return codes[at + 1] ?? 0;
    return 0;
  }

  /** Finished calls by status code, the lowest code first. */
  byCode(): readonly (readonly [code: number, count: number])[] {
    return entriesOf(this.codes).sort(([a], [b]) => a - b);
  }

  /** Calls that ended with any code but OK. */
  get errors(): number {
    return this.calls - this.count(0);
  }

  get faults(): number {
    return this.countAll(FAULTS);
  }

  /** Calls that the server did not want to serve: UNAUTHENTICATED, PERMISSION_DENIED, UNIMPLEMENTED. */
  get refusals(): number {
    return this.countAll(REFUSALS);
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
    if (this.buckets.length === 0) return undefined;
    const buckets = entriesOf(this.buckets).map(([index, count]) => ({ index, count }));
    const micros = LatencyHistogram.fromProto({ buckets, sumMicros: this.sumMicros }).quantile(q);
    return micros === undefined ? undefined : micros / 1000;
  }

  /** How many calls took longer than `limitMs`: those in buckets that lie wholly above it. */
  slowerThan(limitMs: number): number {
    const first = Math.ceil(4 * Math.log2(limitMs * 1000));
    const { buckets } = this;
    let slower = 0;
    for (let at = 0; at < buckets.length; at += 2) if ((buckets[at] ?? 0) >= first) slower += buckets[at + 1] ?? 0;
    return slower;
  }

  private countAll(codes: readonly number[]): number {
    let sum = 0;
    for (const code of codes) sum += this.count(code);
    return sum;
  }

  private addCode(code: number, count: number): void {
    if (count <= 0) return;
    addTo(this.codes, code, count);
    this.calls += count;
  }
}
