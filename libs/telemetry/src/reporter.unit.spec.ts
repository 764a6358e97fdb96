import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@rookery/runtime/testing';

import { type Answer, IDENTITY, Setting, VITALS } from '../test/reporting.js';
import { callsIn } from './report.js';

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

  it('tells which tasks stand still as it is at the end of each period, in so many words', async () => {
    const setting = new Setting();
    let stopped = [{ task: 'consumer sales', code: 'EVENT_NOT_HANDLED', reason: 'x'.repeat(5000) }];
    setting.stoppedTasks.observe(() => stopped);
    await setting.begin();
    expect(setting.monitor.sent[0]?.stoppedTasks).toEqual([{ ...stopped[0], reason: 'x'.repeat(500) }]);
    stopped = [];
    await setting.time.advanceAsync(1000);
    expect(setting.monitor.sent[1]?.stoppedTasks).toEqual([]);
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

  it('tells periods as long as they were, also when the wall clock is set an hour forward or back', async () => {
    for (const jumpMs of [3_600_000, -3_600_000]) {
      const setting = new Setting();
      await setting.begin();
      setting.wallOffsetMs = jumpMs;
      await setting.time.advanceAsync(1000);
      const [, report] = setting.monitor.sent;
      expect(Number(report?.to) - Number(report?.from)).toBe(1000);
    }
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
