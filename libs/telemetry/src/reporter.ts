import {
  type Cancellable,
  type Clock,
  DomainError,
  type ErrorKind,
  type Random,
  type Scheduler,
} from '@rookery/runtime';

import type { CallTelemetry } from './call-telemetry.js';
import type { Identity } from './process-metrics.js';
import { type ReportMessage, callsIn } from './report.js';
import type { ReportSender } from './report-sender.port.js';
import type { StoppedTasks } from './stopped-tasks.js';
import type { VitalsSampler } from './vitals.js';

export interface ReporterOptions {
  readonly identity: Identity;
  readonly calls: Pick<CallTelemetry, 'take'>;
  readonly vitals: Pick<VitalsSampler, 'sample'>;
  readonly stoppedTasks: Pick<StoppedTasks, 'views'>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly log: ReporterLog;
  /** Default 1,000 ms. */
  readonly periodMs?: number;
  /** How long one send may take before its outcome counts as unknown. Default 2,000 ms. */
  readonly sendTimeoutMs?: number;
}

/** Where the reporter says that it cannot deliver, and that it can again. */
export interface ReporterLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** What became of the reports so far. */
export interface ReporterStats {
  readonly accepted: number;
  readonly failedSends: number;
  /** Finished calls that no accepted report will ever tell of. */
  readonly lostCalls: number;
  /** Periods over and not yet accepted; 0 or 1 while all is well. */
  readonly pendingPeriods: number;
}

/** A pause between two attempts while stopping: there is no next period to wait for. */
const STOP_RETRY_MS = 100;
/** Whole systems start at once, and the monitor is rarely the first: so long its absence is nothing to speak of. */
const UNREMARKABLE_MS = 5000;

/** The monitor has understood such a report and will never take it; sending it again would end nothing. */
const REFUSALS: ReadonlySet<ErrorKind> = new Set<ErrorKind>(['invalid-argument', 'out-of-range']);

type Outcome = 'accepted' | 'refused' | 'unknown';

/**
 * Tells the monitor each period what this process saw and how it is, also when it saw nothing: the report is the
 * heartbeat too. At most one send is in flight. While one is pending or its outcome unknown, calls go on being counted
 * where they are, so that the next report covers several periods; nothing queues up. After an unknown outcome the same
 * report is sent again under the same number, which the monitor counts once; only then comes the next number.
 */
export class Reporter {
  private readonly periodMs: number;
  private readonly sendTimeoutMs: number;
  private startedAt = 0;
  private sender: ReportSender | undefined;
  private timer: Cancellable | undefined;
  private outgoing: ReportMessage | undefined;
  private sending: Promise<void> | undefined;
  private stopping: Promise<void> | undefined;
  private sequence = 1;
  private periods = 0;
  /** When the period began; monotonic, for a wall clock may be set meanwhile. */
  private from: number;
  private unreportedLoss = 0;
  private accepted = 0;
  private failedSends = 0;
  private lostCalls = 0;
  private isFailing = false;

  constructor(private readonly options: ReporterOptions) {
    this.periodMs = options.periodMs ?? 1000;
    this.sendTimeoutMs = options.sendTimeoutMs ?? 2000;
    this.from = options.clock.monotonic();
  }

  get stats(): ReporterStats {
    return {
      accepted: this.accepted,
      failedSends: this.failedSends,
      lostCalls: this.lostCalls,
      pendingPeriods: this.periods + (this.outgoing?.mergedPeriods ?? 0),
    };
  }

  /** Begins to report. The first report comes at a random moment of the first period: a fleet that starts at one time does not report in step. */
  start(sender: ReportSender): void {
    if (this.sender !== undefined) return;
    this.sender = sender;
    const { random, scheduler, clock } = this.options;
    this.startedAt = clock.monotonic();
    this.timer = scheduler.timer(random.next() * this.periodMs, () => {
      this.timer = scheduler.interval(this.periodMs, () => this.beat());
      this.beat();
    });
  }

  /**
   * Reports a last time, marked as final, and ends; takes at most `limitMs`. What cannot be delivered in that time is
   * lost and said so in the log. Never rejects.
   */
  stop(limitMs: number): Promise<void> {
    this.stopping ??= this.finish(limitMs);
    return this.stopping;
  }

  private beat(): void {
    this.periods++;
    if (this.sending === undefined) this.sendNext();
  }

  private sendNext(): void {
    this.outgoing ??= this.close(false);
    this.sending = this.attempt(this.outgoing, this.sendTimeoutMs).then((outcome) => {
      this.sending = undefined;
      // A period ended meanwhile: its report is already late.
      if (outcome !== 'unknown' && this.periods > 0 && this.stopping === undefined) this.sendNext();
    });
  }

  /** Ends the period, and makes the report of it and of those before it that are in none yet. */
  private close(isFinal: boolean): ReportMessage {
    const { calls, clock, identity, stoppedTasks, vitals } = this.options;
    const taken = calls.take();
    const [to, now] = [clock.now(), clock.monotonic()];
    const from = to - (now - this.from);
    this.from = now;
    this.lostCalls += taken.lostCalls;
    const report: ReportMessage = {
      reporter: { ...identity },
      sequence: this.sequence,
      from: new Date(Math.round(from)),
      to: new Date(to),
      caller: taken.caller,
      callee: taken.callee,
      vitals: vitals.sample(),
      lostCalls: taken.lostCalls + this.unreportedLoss,
      mergedPeriods: Math.max(1, this.periods),
      final: isFinal,
      links: taken.links,
      stoppedTasks: stoppedTasks.views(),
    };
    this.periods = 0;
    this.unreportedLoss = 0;
    return report;
  }

  private async attempt(report: ReportMessage, timeoutMs: number): Promise<Outcome> {
    try {
      await this.send(report, timeoutMs);
    } catch (error) {
      return this.failed(report, error);
    }
    this.outgoing = undefined;
    this.sequence++;
    this.accepted++;
    if (this.isFailing)
      this.options.log.info({ merged_periods: report.mergedPeriods }, 'the monitor takes reports again');
    this.isFailing = false;
    return 'accepted';
  }

  private failed(report: ReportMessage, error: unknown): Outcome {
    this.failedSends++;
    if (error instanceof DomainError && REFUSALS.has(error.kind)) {
      const loss = callsIn(report);
      this.outgoing = undefined;
      // Never the same number with another content: the monitor may have taken it in an attempt whose answer got lost.
      this.sequence++;
      this.unreportedLoss = loss;
      this.lostCalls += loss - report.lostCalls;
      this.options.log.warn({ err: error, calls: loss }, 'the monitor refused a report; its calls are lost');
      return 'refused';
    }
    const age = this.options.clock.monotonic() - this.startedAt;
    if (this.isFailing || (this.accepted === 0 && age < UNREMARKABLE_MS)) return 'unknown';
    this.options.log.warn({ err: error }, 'the monitor could not be reached; reports are merged until it can');
    this.isFailing = true;
    return 'unknown';
  }

  /** The sender keeps the time itself; this second watch makes sure that one that hangs cannot end the reports. */
  private async send(report: ReportMessage, timeoutMs: number): Promise<void> {
    const sender = this.sender;
    if (sender === undefined) throw new DomainError('REPORTER_NOT_STARTED', 'the reporter was not started');
    let watch: Cancellable | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      watch = this.options.scheduler.timer(timeoutMs, () =>
        reject(
          new DomainError('REPORT_TIMEOUT', `no answer to the report within ${timeoutMs} ms`, {
            kind: 'deadline-exceeded',
          }),
        ),
      );
    });
    try {
      await Promise.race([sender.send(report, timeoutMs), tooLate]);
    } finally {
      watch?.cancel();
    }
  }

  private async finish(limitMs: number): Promise<void> {
    this.timer?.cancel();
    if (this.sender === undefined) return;
    const until = this.options.clock.monotonic() + limitMs;
    await Promise.race([this.sending, this.pause(limitMs)]);
    if (this.outgoing !== undefined) await this.deliver(this.outgoing, until);
    if (this.outgoing === undefined) {
      this.outgoing = this.close(true);
      await this.deliver(this.outgoing, until);
    }
    if (this.outgoing === undefined) return;
    const calls = callsIn(this.outgoing) + (this.outgoing.final ? 0 : callsIn(this.options.calls.take()));
    this.options.log.warn({ calls }, 'the last report could not be delivered');
  }

  private async deliver(report: ReportMessage, until: number): Promise<void> {
    for (;;) {
      const leftMs = until - this.options.clock.monotonic();
      if (leftMs <= 0) return;
      const outcome = await this.attempt(report, Math.min(leftMs, this.sendTimeoutMs));
      if (outcome !== 'unknown') return;
      await this.pause(Math.max(0, Math.min(STOP_RETRY_MS, until - this.options.clock.monotonic())));
    }
  }

  private pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => void this.options.scheduler.timer(durationMs, resolve));
  }
}
