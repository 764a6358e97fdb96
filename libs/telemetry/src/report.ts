import type { monitor } from '@rookery/contracts/messages';

import type { CalleeTally, CallerTally, CallsTaken } from './call-telemetry.js';
import type { Identity } from './process-metrics.js';
import type { VitalsMessage } from './vitals.js';

/** The contract's report with every field set. Extending it makes the compiler notice when the contract changes. */
export interface ReportMessage extends monitor.ReportRequest {
  reporter: Identity;
  from: Date;
  to: Date;
  caller: CallerTally[];
  callee: CalleeTally[];
  vitals: VitalsMessage;
}

/** How many finished calls are told of, including those only counted as lost. */
export function callsIn(report: Omit<CallsTaken, 'links'>): number {
  let calls = report.lostCalls;
  for (const view of [...report.caller, ...report.callee]) {
    for (const { count } of view.outcomes.codes) calls += count;
  }
  return calls;
}
