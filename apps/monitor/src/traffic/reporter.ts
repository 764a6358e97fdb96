import type { InstanceRef, LinkEntry, Report, StoppedTask, Vitals } from './report.js';
import { SequenceLedger } from './sequence-ledger.js';

/** What is known of one process from its own reports. Times are monotonic milliseconds of the monitor. */
export interface Reporter {
  readonly ref: InstanceRef;
  version: string;
  /** When it began to report, be it to another monitor, by the number of its first report here. */
  readonly bornAt: number;
  /** It follows an earlier run of the same instance. */
  readonly isRestart: boolean;
  lastReportAt: number;
  /** Since when it has reported without a silence that its own stand-still could explain. */
  steadySince: number;
  isFinal: boolean;
  vitals: Vitals | undefined;
  links: readonly LinkEntry[];
  stoppedTasks: readonly StoppedTask[];
  readonly ledger: SequenceLedger;
  lostCalls: number;
  mergedPeriods: number;
}

/** How often processes report. */
const PERIOD_MS = 1000;
/** How things are by the newest report. */
export function stateIn(
  { links, stoppedTasks, version, vitals }: Report,
  known: Reporter,
): Pick<Reporter, 'version' | 'links' | 'stoppedTasks' | 'vitals'> {
  return { version, links, stoppedTasks, vitals: vitals ?? known.vitals };
}

/** A run whose first report is this. */
export function newReporter(report: Report, at: number, isRestart: boolean): Reporter {
  const ledger = new SequenceLedger();
  ledger.accept(report.sequence);
  return {
    ref: report.reporter,
    version: report.version,
    bornAt: at - report.periodMs - (report.sequence - 1) * PERIOD_MS,
    isRestart,
    lastReportAt: at,
    steadySince: at,
    isFinal: report.isFinal,
    vitals: report.vitals,
    links: report.links,
    stoppedTasks: report.stoppedTasks,
    ledger,
    lostCalls: report.lostCalls,
    mergedPeriods: Math.max(0, report.mergedPeriods - 1),
  };
}

/** A run that has reported before, to somebody else, and is silent since `at`. */
export function silentReporter(ref: InstanceRef, at: number): Reporter {
  return {
    ref,
    version: '',
    bornAt: at,
    isRestart: false,
    lastReportAt: at,
    steadySince: at,
    isFinal: false,
    vitals: undefined,
    links: [],
    stoppedTasks: [],
    ledger: new SequenceLedger(),
    lostCalls: 0,
    mergedPeriods: 0,
  };
}
