import type { Metrics } from './metrics.js';
import type { Reporter } from './reporter.js';

/** Puts on /metrics whether the reports arrive. */
export function registerReporterMetrics(metrics: Metrics, reporter: Pick<Reporter, 'stats'>): void {
  metrics.registerCounter({
    name: 'rookery_reports_accepted_total',
    help: 'Reports that the monitor has taken.',
    read: () => reporter.stats.accepted,
  });
  metrics.registerCounter({
    name: 'rookery_report_send_failures_total',
    help: 'Attempts to send a report that failed or whose outcome is unknown.',
    read: () => reporter.stats.failedSends,
  });
  metrics.registerCounter({
    name: 'rookery_report_lost_calls_total',
    help: 'Finished calls that no report tells of.',
    read: () => reporter.stats.lostCalls,
  });
  metrics.registerGauge({
    name: 'rookery_report_pending_periods',
    help: 'Periods that are over and whose report the monitor has not taken yet.',
    read: () => reporter.stats.pendingPeriods,
  });
}
