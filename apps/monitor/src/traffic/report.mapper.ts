import type { monitor } from '@rookery/contracts/messages';
import { DomainError } from '@rookery/runtime';
import type {
  CalleeEntry,
  CallerEntry,
  Counts,
  InstanceRef,
  LinkEntry,
  LinkState,
  Report,
  StoppedTask,
} from './report.js';

/** A report covers at most this much; more is a clock that was set. */
const LONGEST_PERIOD_MS = 10 * 60_000;
/** Longer names are a mistake or an attack on the memory of the monitor. */
const LONGEST_NAME = 300;
const LARGEST_BUCKET = 127;
/** What people are shown of a reason, and of how many tasks. */
const LONGEST_REASON = 500;
const MOST_TASKS = 100;

const linkStates: readonly LinkState[] = ['unknown', 'up', 'suspect', 'down'];

/** The contract's message as the monitor works with it. Throws REPORT_MALFORMED for names that cannot be keys. */
export function toReport(request: monitor.ReportRequest): Report {
  const { reporter } = request;
  return {
    reporter: refOf(reporter?.service, reporter?.instanceId, reporter?.incarnation),
    version: name('reporter.version', reporter?.version),
    sequence: request.sequence,
    periodMs: Math.min(LONGEST_PERIOD_MS, Math.max(0, elapsedMs(request.from, request.to))),
    mergedPeriods: Math.max(1, request.mergedPeriods),
    caller: request.caller.map(toCaller),
    callee: request.callee.map(toCallee),
    links: request.links.map((link) => toLink(link, request.to)),
    stoppedTasks: request.stoppedTasks.slice(0, MOST_TASKS).map(toStoppedTask),
    vitals: request.vitals,
    lostCalls: request.lostCalls,
    isFinal: request.final,
  };
}

function toCaller(view: monitor.CallerView): CallerEntry {
  return {
    target: refOf(view.targetService, view.targetInstanceId, view.targetIncarnation),
    method: name('method', view.method),
    counts: toCounts(view.outcomes, view.maxInFlight),
  };
}

function toCallee(view: monitor.CalleeView): CalleeEntry {
  return { method: name('method', view.method), counts: toCounts(view.outcomes, view.maxInFlight) };
}

function toLink(view: monitor.LinkView, to: Date | undefined): LinkEntry {
  return {
    target: refOf(view.targetService, view.targetInstanceId, view.targetIncarnation),
    state: linkStates[view.state] ?? 'unknown',
    lastedMs: Math.max(0, elapsedMs(view.since, to)),
  };
}

function toStoppedTask({ code, reason, task }: monitor.StoppedTask): StoppedTask {
  return { task: name('task', task), code: name('code', code), reason: reason.slice(0, LONGEST_REASON) };
}

function toCounts(outcomes: monitor.Outcomes | undefined, maxInFlight: number): Counts {
  return {
    codes: (outcomes?.codes ?? []).map(({ code, count }) => [code, count] as const),
    buckets: (outcomes?.latency?.buckets ?? []).map(
      ({ index, count }) => [Math.min(index, LARGEST_BUCKET), count] as const,
    ),
    sumMicros: outcomes?.latency?.sumMicros ?? 0,
    maxInFlight,
  };
}

function refOf(
  service: string | undefined,
  instanceId: string | undefined,
  incarnation: string | undefined,
): InstanceRef {
  return {
    service: name('service', service),
    instanceId: name('instance_id', instanceId),
    incarnation: name('incarnation', incarnation),
  };
}

function name(field: string, value: string | undefined): string {
  if (value !== undefined && value.length <= LONGEST_NAME && !value.includes('\n')) return value;
  throw new DomainError(
    'REPORT_MALFORMED',
    `${field} must be given, on one line, with at most ${LONGEST_NAME} characters`,
    {
      kind: 'invalid-argument',
      violations: [{ field, description: `one line of at most ${LONGEST_NAME} characters` }],
    },
  );
}

function elapsedMs(from: Date | undefined, to: Date | undefined): number {
  return from === undefined || to === undefined ? 0 : to.getTime() - from.getTime();
}
