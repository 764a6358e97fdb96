import type { ReportMessage } from './report.js';

/** Brings a report to the monitor. */
export abstract class ReportSender {
  /**
   * Resolves when the monitor has accepted the report, also when it had it already. Rejects when it has refused it or
   * when the outcome is unknown, at the latest after `timeoutMs`. The report does not change afterwards, and the same
   * one comes again until it is accepted. Not to be retried by the sender itself: the reporter does.
   */
  abstract send(report: ReportMessage, timeoutMs: number): Promise<void>;
}
