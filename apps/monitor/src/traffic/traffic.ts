import { type CallerEntry, type Counts, type InstanceRef, instanceKey, type Report, runKey } from './report.js';
import { SlotWindow, WINDOW_SECONDS } from './slot-window.js';
import { Tally } from './tally.js';

/** What one caller saw of one method of one target. */
export interface Edge {
  readonly caller: InstanceRef;
  readonly target: InstanceRef;
  readonly method: string;
  /** The keys of the caller's and the target's run, and of the caller whatever its run. */
  readonly from: string;
  readonly to: string;
  readonly callerKey: string;
  readonly window: SlotWindow;
}

/** What one instance saw of one of its own methods. */
export interface Handled {
  readonly callee: InstanceRef;
  readonly method: string;
  /** The key of the instance's run. */
  readonly by: string;
  readonly window: SlotWindow;
}

/** The slots that a report of this length covers, newest last: a stretch of merged periods is laid over its seconds. */
export function coveredSeconds(at: number, report: Pick<Report, 'periodMs' | 'mergedPeriods'>): readonly number[] {
  const newest = Math.floor(at / 1000);
  const isMerged = report.mergedPeriods > 1 || report.periodMs >= 2000;
  const length = isMerged ? Math.min(WINDOW_SECONDS, Math.max(1, Math.round(report.periodMs / 1000))) : 1;
  return Array.from({ length }, (_, index) => newest - length + 1 + index);
}

/** All traffic of the last minute, from both sides. Holds a bounded number of keys; what does not fit is counted. */
export class Traffic {
  private readonly byCaller = new Map<string, Edge>();
  private readonly byCallee = new Map<string, Handled>();
  /** How many keys each reporter has, so that none takes those of all others. */
  private readonly keysOf = new Map<string, number>();
  /** Calls that were left out because all keys were in use. */
  overflowCalls = 0;

  constructor(
    private readonly maximumKeys: number,
    private readonly maximumKeysOfOne: number,
  ) {}

  /** Adds an accepted report that arrived at monotonic `at`. */
  record(report: Report, at: number): void {
    const seconds = coveredSeconds(at, report);
    const reporter = runKey(report.reporter);
    for (const entry of report.caller) this.recordEdge(report.reporter, reporter, entry, seconds);
    for (const { method, counts } of report.callee) {
      const make = () => ({ callee: report.reporter, by: reporter, method, window: new SlotWindow() });
      this.lay(this.keyed(this.byCallee, `${reporter}\n${method}`, reporter, make), counts, seconds);
    }
  }

  /** Forgets the keys that had no traffic for a whole window. */
  sweep(at: number): void {
    const oldest = Math.floor(at / 1000) - WINDOW_SECONDS;
    this.keysOf.clear();
    for (const [key, { window, from }] of this.byCaller) {
      if (window.newest <= oldest) this.byCaller.delete(key);
      else this.countKey(from);
    }
    for (const [key, { window, by }] of this.byCallee) {
      if (window.newest <= oldest) this.byCallee.delete(key);
      else this.countKey(by);
    }
  }

  edges(): Iterable<Edge> {
    return this.byCaller.values();
  }

  handled(): Iterable<Handled> {
    return this.byCallee.values();
  }

  get keys(): number {
    return this.byCaller.size + this.byCallee.size;
  }

  private recordEdge(
    caller: InstanceRef,
    from: string,
    { target, method, counts }: CallerEntry,
    seconds: readonly number[],
  ): void {
    const to = runKey(target);
    const make = () => {
      const callerKey = instanceKey(caller);
      return { caller, target, method, from, to, callerKey, window: new SlotWindow() };
    };
    this.lay(this.keyed(this.byCaller, `${from}\n${to}\n${method}`, from, make), counts, seconds);
  }

  private keyed<T>(map: Map<string, T>, key: string, reporter: string, make: () => T): T | undefined {
    const known = map.get(key);
    const isFull = this.keys >= this.maximumKeys || (this.keysOf.get(reporter) ?? 0) >= this.maximumKeysOfOne;
    if (known !== undefined || isFull) return known;
    const made = make();
    map.set(key, made);
    this.countKey(reporter);
    return made;
  }

  private countKey(reporter: string): void {
    this.keysOf.set(reporter, (this.keysOf.get(reporter) ?? 0) + 1);
  }

  private lay(entry: { window: SlotWindow } | undefined, counts: Counts, seconds: readonly number[]): void {
    const tally = Tally.of(counts);
    if (entry === undefined) {
      this.overflowCalls += tally.calls;
      return;
    }
    const parts = seconds.length === 1 ? [tally] : tally.split(seconds.length);
    seconds.forEach((second, index) => entry.window.record(second, parts[index] ?? new Tally()));
  }
}
