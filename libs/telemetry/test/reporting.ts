import { expect } from '@jest/globals';
import { DomainError } from '@rookery/runtime';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import { CallTelemetry } from '../src/call-telemetry.js';
import { type ReportMessage, callsIn } from '../src/report.js';
import type { ReportSender } from '../src/report-sender.port.js';
import { StoppedTasks } from '../src/stopped-tasks.js';
import { Reporter } from '../src/reporter.js';

const METHOD = '/p.S/M';
export const IDENTITY = { service: 'pricing', instanceId: 'pricing-1', incarnation: 'i-1', version: '1.2.3' };
export const VITALS = {
  cpuShare: 0.5,
  residentBytes: 1,
  heapUsedBytes: 2,
  heapLimitBytes: 3,
  eventLoopDelayP99Ms: 4,
  eventLoopUtilization: 0.6,
  gcPauseMs: 7,
  inFlight: 8,
  inFlightLimit: 9,
  refusedCalls: 10,
};

export type Answer = 'accept' | 'accept, but the answer is lost' | 'fail' | 'hang' | 'refuse' | 'throw';

/** A monitor as the contract has it: a report is counted once for each sequence number. */
export class FakeMonitor implements ReportSender {
  readonly sent: ReportMessage[] = [];
  readonly counted = new Map<number, ReportMessage>();
  readonly contents = new Map<number, string>();
  answers: Answer[] = [];
  otherwise: Answer = 'accept';
  inFlight = 0;
  maxInFlight = 0;
  hanging = 0;

  send(report: ReportMessage): Promise<void> {
    const answer = this.answers.shift() ?? this.otherwise;
    if (answer === 'throw') throw new Error('no channel');
    this.sent.push(report);
    this.inFlight++;
    this.maxInFlight = Math.max(this.maxInFlight, this.inFlight);
    return this.settle(answer, report).finally(() => this.inFlight--);
  }

  get calls(): number {
    return [...this.counted.values()].reduce((sum, report) => sum + callsIn(report), 0);
  }

  get sequences(): number[] {
    return this.sent.map((report) => report.sequence);
  }

  private async settle(answer: Answer, report: ReportMessage): Promise<void> {
    if (answer === 'hang') {
      this.hanging++;
      return new Promise(() => undefined);
    }
    if (answer === 'fail') throw new DomainError('UNREACHABLE', 'no', { kind: 'unavailable' });
    if (answer === 'refuse' && !this.counted.has(report.sequence))
      throw new DomainError('BAD', 'no', { kind: 'invalid-argument' });
    const content = JSON.stringify(report);
    if (this.counted.has(report.sequence)) expect(content).toBe(this.contents.get(report.sequence));
    this.counted.set(report.sequence, report);
    this.contents.set(report.sequence, content);
    if (answer !== 'accept') throw new DomainError('LOST', 'connection lost', { kind: 'unavailable' });
  }
}

export class Setting {
  readonly time = new VirtualTime();
  readonly calls = new CallTelemetry(this.time.clock);
  readonly monitor = new FakeMonitor();
  readonly log: string[] = [];
  readonly stoppedTasks = new StoppedTasks();
  /** How far the wall clock was set. */
  wallOffsetMs = 0;
  readonly reporter: Reporter;

  constructor(seed = 1) {
    this.reporter = new Reporter({
      identity: IDENTITY,
      calls: this.calls,
      vitals: { sample: () => VITALS },
      stoppedTasks: this.stoppedTasks,
      clock: {
        now: () => this.time.clock.now() + this.wallOffsetMs,
        monotonic: () => this.time.clock.monotonic(),
      },
      scheduler: this.time,
      random: new SeededRandom(seed),
      log: {
        info: (_, message) => this.log.push(`info: ${message}`),
        warn: (_, message) => this.log.push(`warn: ${message}`),
      },
    });
  }

  call(times = 1): void {
    for (let time = 0; time < times; time++) {
      this.calls.calleeStarted(METHOD);
      this.calls.calleeEnded({ method: METHOD, code: 0, durationMs: 1, transport: 'link', isStream: false });
    }
  }

  /** Starts and passes the first beat, whenever it is: `periods` later there were `periods + 1`. */
  async begin(): Promise<void> {
    this.reporter.start(this.monitor);
    await this.time.advanceAsync(1000);
    expect(this.monitor.sent).toHaveLength(1);
  }
}
