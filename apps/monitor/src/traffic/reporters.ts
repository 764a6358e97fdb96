import { type InstanceRef, instanceKey, type Report, runKey } from './report.js';
import { newReporter, type Reporter, silentReporter, stateIn } from './reporter.js';

/** One run that ended without goodbye, known because the next run of the instance reported. */
export interface Crash {
  readonly ref: InstanceRef;
  readonly lastReportAt: number;
  readonly noticedAt: number;
}

export type Acceptance = 'accepted' | 'repeated' | 'stale' | 'refused';

/** A longer pause between two reports means that the process itself stood still, so its first counts are no evidence. */
const STAND_STILL_MS = 3000;
/** Earlier runs of an instance that are remembered, so that a late report of one is not taken for a new start. */
const REMEMBERED_RUNS = 8;

/** Who reports, how regularly, and what was lost. Holds a bounded number of instances. */
export class Reporters {
  private readonly current = new Map<string, Reporter>();
  private readonly earlierRuns = new Map<string, string[]>();
  private readonly crashes = new Map<string, Crash>();
  lostCalls = 0;
  acceptedReports = 0;
  repeatedReports = 0;
  refusedReports = 0;

  constructor(private readonly maximumInstances: number) {}

  /** Takes note of a report that arrived at `at`. Only an `accepted` one may be counted. */
  note(report: Report, at: number): Acceptance {
    const acceptance = this.place(report, at);
    if (acceptance === 'accepted') {
      this.acceptedReports++;
      this.lostCalls += report.lostCalls;
    }
    return acceptance;
  }

  /** The run of an instance that reported last. */
  get(ref: Pick<InstanceRef, 'service' | 'instanceId'>): Reporter | undefined {
    return this.current.get(instanceKey(ref));
  }

  all(): Iterable<Reporter> {
    return this.current.values();
  }

  /** Runs that ended without goodbye and were replaced in place, noticed at `since` or later. */
  crashesSince(since: number): readonly Crash[] {
    return [...this.crashes.values()].filter(({ noticedAt }) => noticedAt >= since);
  }

  /** Remembers a run that fell silent at `at`, as a monitor before this one saw it. */
  recall(ref: InstanceRef, at: number): void {
    const key = instanceKey(ref);
    if (!this.current.has(key)) this.current.set(key, silentReporter(ref, at));
  }

  /** After the monitor itself stood still for `gapMs` until `at`: nobody is blamed for reports that it could not take. */
  forgive(gapMs: number, at: number): void {
    for (const reporter of this.current.values()) {
      const wasSilent = at - gapMs - reporter.lastReportAt > STAND_STILL_MS;
      if (!wasSilent) reporter.lastReportAt = Math.min(at, reporter.lastReportAt + gapMs);
    }
  }

  forget(ref: InstanceRef): void {
    const key = instanceKey(ref);
    this.current.delete(key);
    this.earlierRuns.delete(key);
    for (const [run, crash] of this.crashes) if (instanceKey(crash.ref) === key) this.crashes.delete(run);
  }

  private place(report: Report, at: number): Acceptance {
    const key = instanceKey(report.reporter);
    const known = this.current.get(key);
    if (known !== undefined && known.ref.incarnation === report.reporter.incarnation)
      return this.continue(known, report, at);
    if (this.earlierRuns.get(key)?.includes(report.reporter.incarnation)) return this.noteLate(report);
    if (known === undefined && this.current.size >= this.maximumInstances) {
      this.refusedReports++;
      return 'refused';
    }
    if (known !== undefined) this.retire(key, known, at);
    this.current.set(key, newReporter(report, at, known !== undefined));
    return 'accepted';
  }

  private continue(known: Reporter, report: Report, at: number): Acceptance {
    if (!known.ledger.accept(report.sequence)) {
      this.repeatedReports++;
      return 'repeated';
    }
    if (at - known.lastReportAt > STAND_STILL_MS) known.steadySince = at;
    known.lastReportAt = at;
    known.isFinal ||= report.isFinal;
    known.lostCalls += report.lostCalls;
    known.mergedPeriods += Math.max(0, report.mergedPeriods - 1);
    // A report that was overtaken tells how things were.
    if (report.sequence === known.ledger.last) Object.assign(known, stateIn(report, known));
    return 'accepted';
  }

  /** A report of a run that another has followed: only its goodbye still matters. */
  private noteLate(report: Report): Acceptance {
    if (report.isFinal) this.crashes.delete(runKey(report.reporter));
    return 'stale';
  }

  private retire(key: string, known: Reporter, at: number): void {
    const runs = this.earlierRuns.get(key) ?? [];
    this.earlierRuns.set(key, [...runs, known.ref.incarnation].slice(-REMEMBERED_RUNS));
    for (const [run, crash] of this.crashes) if (instanceKey(crash.ref) === key) this.crashes.delete(run);
    if (known.isFinal) return;
    this.crashes.set(runKey(known.ref), { ref: known.ref, lastReportAt: known.lastReportAt, noticedAt: at });
  }
}
