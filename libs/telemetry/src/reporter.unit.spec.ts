import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';

import { CallTelemetry } from './call-telemetry.js';
import { type ReportMessage, callsIn } from './report.js';
import type { ReportSender } from './report-sender.port.js';
import { Reporter } from './reporter.js';

const METHOD = '/p.S/M';
const IDENTITY = { service: 'pricing', instanceId: 'pricing-1', incarnation: 'i-1', version: '1.2.3' };
const VITALS = {
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

type Answer = 'accept' | 'accept, but the answer is lost' | 'fail' | 'hang' | 'refuse' | 'throw';

/** A monitor as the contract has it: a report is counted once for each sequence number. */
class FakeMonitor implements ReportSender {
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

class Setting {
  readonly time = new VirtualTime();
  readonly calls = new CallTelemetry(this.time.clock);
  readonly monitor = new FakeMonitor();
  readonly log: string[] = [];
  readonly reporter: Reporter;

  constructor(seed = 1) {
    this.reporter = new Reporter({
      identity: IDENTITY,
      calls: this.calls,
      vitals: { sample: () => VITALS },
      clock: this.time.clock,
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

describe('Reporter', () => {
  it('reports each period, numbered from 1, also when nothing happened', async () => {
    const setting = new Setting();
    await setting.begin();
    setting.call(3);
    await setting.time.advanceAsync(2000);
    const { sent } = setting.monitor;
    expect(setting.monitor.sequences).toEqual([1, 2, 3]);
    expect(sent.map((report) => callsIn(report))).toEqual([0, 3, 0]);
    expect(sent[1]).toMatchObject({ reporter: IDENTITY, vitals: VITALS, mergedPeriods: 1, lostCalls: 0, final: false });
    expect(sent[1]?.from).toEqual(sent[0]?.to);
    expect(sent[1]?.to.getTime()).toBe((sent[1]?.from.getTime() ?? 0) + 1000);
  });

  it('takes its first beat at a moment that differs between processes', async () => {
    const firstBeat = async (seed: number): Promise<number> => {
      const setting = new Setting(seed);
      await setting.begin();
      return setting.monitor.sent[0]?.to.getTime() ?? Number.NaN;
    };
    const beats = await Promise.all([1, 2, 3, 4, 5].map(firstBeat));
    expect(new Set(beats).size).toBe(5);
  });

  it('merges periods while the monitor is away, and repeats the first report unchanged before the next', async () => {
    const setting = new Setting();
    await setting.begin();
    setting.monitor.otherwise = 'fail';
    for (let period = 0; period < 5; period++) {
      setting.call(10);
      await setting.time.advanceAsync(1000);
    }
    expect(setting.monitor.sequences).toEqual([1, 2, 2, 2, 2, 2]);
    expect(setting.reporter.stats).toMatchObject({ accepted: 1, failedSends: 5, pendingPeriods: 5 });
    setting.monitor.otherwise = 'accept';
    await setting.time.advanceAsync(1000);
    expect(setting.monitor.sequences.slice(-2)).toEqual([2, 3]);
    const caughtUp = setting.monitor.counted.get(3);
    expect(caughtUp).toMatchObject({ mergedPeriods: 5 });
    expect(caughtUp?.from).toEqual(setting.monitor.counted.get(2)?.to);
    expect(setting.monitor.calls).toBe(50);
    expect(setting.reporter.stats).toMatchObject({ pendingPeriods: 0, lostCalls: 0 });
  });

  it('says once that the monitor is away and once that it is back', async () => {
    const setting = new Setting();
    setting.monitor.answers = ['accept', 'fail', 'fail', 'throw'];
    await setting.begin();
    await setting.time.advanceAsync(5000);
    expect(setting.log).toEqual([
      'warn: the monitor could not be reached; reports are merged until it can',
      'info: the monitor takes reports again',
    ]);
  });

  it('says nothing of a monitor that starts at the same time, and speaks up when it stays away', async () => {
    const setting = new Setting();
    setting.monitor.otherwise = 'fail';
    await setting.begin();
    await setting.time.advanceAsync(3000);
    expect(setting.log).toEqual([]);
    await setting.time.advanceAsync(4000);
    expect(setting.log).toEqual(['warn: the monitor could not be reached; reports are merged until it can']);
  });

  it('is not counted twice when the answer is lost', async () => {
    const setting = new Setting();
    await setting.begin();
    setting.monitor.answers = ['accept, but the answer is lost', 'accept, but the answer is lost'];
    setting.call(7);
    await setting.time.advanceAsync(1000);
    setting.call(5);
    await setting.time.advanceAsync(3000);
    expect(setting.monitor.sequences).toEqual([1, 2, 2, 2, 3, 4]);
    expect(setting.monitor.calls).toBe(12);
  });

  it('has one send in flight, however long it takes, and gives it up after its time', async () => {
    const setting = new Setting();
    await setting.begin();
    setting.monitor.answers = ['hang'];
    setting.call(4);
    await setting.time.advanceAsync(2000);
    expect(setting.monitor.sequences).toEqual([1, 2]);
    setting.call(4);
    await setting.time.advanceAsync(2000);
    expect(setting.monitor.sequences.slice(0, 4)).toEqual([1, 2, 2, 3]);
    expect(setting.monitor.calls).toBe(8);
  });

  it('drops a report that the monitor will never take, counts its calls as lost, and goes on', async () => {
    const setting = new Setting();
    await setting.begin();
    setting.monitor.answers = ['refuse'];
    setting.call(6);
    await setting.time.advanceAsync(1000);
    setting.call(1);
    await setting.time.advanceAsync(1000);
    expect(setting.monitor.sequences).toEqual([1, 2, 3]);
    expect(setting.monitor.counted.get(3)).toMatchObject({
      lostCalls: 6,
      callee: [{ outcomes: { codes: [{ code: 0, count: 1 }] } }],
    });
    expect(setting.reporter.stats.lostCalls).toBe(6);
    expect(setting.log).toEqual(['warn: the monitor refused a report; its calls are lost']);
  });

  it('loses no call and counts none twice, whatever becomes of the sends', async () => {
    for (let seed = 1; seed <= 200; seed++) {
      const setting = new Setting(seed);
      const random = new SeededRandom(seed);
      const answers: readonly Answer[] = [
        'accept',
        'accept, but the answer is lost',
        'fail',
        'hang',
        'throw',
        'refuse',
      ];
      setting.monitor.answers = Array.from({ length: 15 }, () => answers[random.int(answers.length)] ?? 'accept');
      setting.reporter.start(setting.monitor);
      let made = 0;
      for (let step = 0; step < 40; step++) {
        const calls = random.int(20);
        made += calls;
        setting.call(calls);
        await setting.time.advanceAsync(random.int(1500));
      }
      const stopped = setting.reporter.stop(10_000);
      await setting.time.advanceAsync(10_000);
      await stopped;
      expect({ seed, counted: setting.monitor.calls }).toEqual({ seed, counted: made });
      expect(setting.monitor.maxInFlight).toBeLessThanOrEqual(1 + setting.monitor.hanging);
    }
  });
});

describe('Reporter at the end', () => {
  it('sends what is left, marked as final, and stops', async () => {
    const setting = new Setting();
    await setting.begin();
    setting.call(2);
    await setting.reporter.stop(1000);
    expect(setting.monitor.sent.at(-1)).toMatchObject({ sequence: 2, final: true, mergedPeriods: 1 });
    expect(setting.monitor.calls).toBe(2);
    await setting.time.advanceAsync(5000);
    expect(setting.monitor.sent).toHaveLength(2);
  });

  it('repeats an unanswered report before the final one', async () => {
    const setting = new Setting();
    await setting.begin();
    setting.monitor.answers = ['accept, but the answer is lost', 'fail'];
    setting.call(2);
    await setting.time.advanceAsync(1000);
    setting.call(3);
    const stopped = setting.reporter.stop(1000);
    await setting.time.advanceAsync(1000);
    await stopped;
    expect(setting.monitor.sent.map((report) => [report.sequence, report.final])).toEqual([
      [1, false],
      [2, false],
      [2, false],
      [2, false],
      [3, true],
    ]);
    expect(setting.monitor.calls).toBe(5);
  });

  it.each(['fail', 'hang', 'throw'] as const)(
    'ends in time when sends %s, and says how many calls are lost',
    async (answer) => {
      const setting = new Setting();
      await setting.begin();
      setting.monitor.otherwise = answer;
      setting.call(2);
      await setting.time.advanceAsync(1000);
      setting.call(3);
      let isDone = false;
      const stopped = setting.reporter.stop(700).then(() => (isDone = true));
      await setting.time.advanceAsync(700);
      expect(isDone).toBe(true);
      await stopped;
      expect(setting.log.at(-1)).toBe('warn: the last report could not be delivered');
    },
  );

  it('ends at once when it never began', async () => {
    const setting = new Setting();
    await setting.reporter.stop(1000);
    expect(setting.monitor.sent).toEqual([]);
  });

  it('stops once, however often it is told', async () => {
    const setting = new Setting();
    await setting.begin();
    await Promise.all([setting.reporter.stop(1000), setting.reporter.stop(1000)]);
    expect(setting.monitor.sent.filter((report) => report.final)).toHaveLength(1);
  });
});
