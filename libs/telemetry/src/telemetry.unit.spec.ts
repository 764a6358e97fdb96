import { describe, expect, it } from '@jest/globals';
import { monitor } from '@rookery/contracts/messages';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';

import type { ReportMessage } from './report.js';
import { type Telemetry, createTelemetry } from './telemetry.js';

const METHOD = '/p.S/M';
const IDENTITY = { service: 'pricing', instanceId: 'pricing-1', incarnation: 'i-1', version: '1.0.0' };
const TARGET = { service: 'monitor', instanceId: 'monitor-1', incarnation: 'm-1' };

class Setting {
  readonly time = new VirtualTime();
  readonly reports: ReportMessage[] = [];
  readonly lines: string[] = [];
  readonly telemetry: Telemetry = createTelemetry({
    identity: IDENTITY,
    clock: this.time.clock,
    scheduler: this.time,
    random: new SeededRandom(3),
    logLevel: 'info',
    logOutput: { write: (line) => void this.lines.push(line) },
  });

  start(): void {
    this.telemetry.start({ send: (report) => Promise.resolve(void this.reports.push(report)) });
  }

  call(): void {
    const { calls } = this.telemetry;
    calls.callerStarted(METHOD, TARGET);
    calls.callerEnded({ method: METHOD, code: 0, durationMs: 2, target: TARGET, transport: 'link', isStream: false });
    calls.calleeStarted(METHOD);
    calls.calleeEnded({ method: METHOD, code: 5, durationMs: 2, transport: 'grpc', isStream: false });
  }
}

describe('createTelemetry', () => {
  it('sends what the contract can carry: nothing of a report is lost on the wire', async () => {
    const setting = new Setting();
    setting.telemetry.calls.connectionChanged(TARGET, 'suspect');
    setting.telemetry.observeLoad({ inFlight: () => 1, limit: () => 64, refused: () => 0 });
    setting.start();
    setting.call();
    await setting.time.advanceAsync(1000);
    const [report] = setting.reports;
    if (report === undefined) throw new Error('no report within the first period');
    const read = monitor.ReportRequest.decode(monitor.ReportRequest.encode(report).finish());
    expect(read).toEqual(report);
    expect(read).toMatchObject({
      reporter: IDENTITY,
      sequence: 1,
      caller: [{ targetService: 'monitor', targetInstanceId: 'monitor-1', method: METHOD, maxInFlight: 1 }],
      callee: [{ method: METHOD, outcomes: { codes: [{ code: 5, count: 1 }] } }],
      links: [{ targetInstanceId: 'monitor-1', state: monitor.LinkState.LINK_STATE_SUSPECT }],
      vitals: { inFlight: 1, inFlightLimit: 64 },
      mergedPeriods: 1,
    });
    await setting.telemetry.stop(1000);
    expect(setting.reports.at(-1)?.final).toBe(true);
  });

  it('counts a call once on /metrics and once in the reports', async () => {
    const setting = new Setting();
    setting.start();
    setting.call();
    await setting.time.advanceAsync(3000);
    await setting.telemetry.stop(1000);
    const scrape = await setting.telemetry.metrics.render();
    expect(scrape).toContain(`rookery_callee_calls_total{method="${METHOD}",code="NOT_FOUND",transport="grpc"} 1`);
    expect(scrape).toContain(`rookery_reports_accepted_total ${setting.reports.length}`);
    expect(setting.reports.flatMap((report) => report.callee)).toHaveLength(1);
  });

  it('measures without reporting when there is nobody to report to', async () => {
    const setting = new Setting();
    setting.telemetry.start(undefined);
    setting.call();
    await setting.time.advanceAsync(3000);
    const scrape = await setting.telemetry.metrics.render();
    expect(scrape).toContain('rookery_callee_calls_total');
    expect(scrape).toContain('rookery_report_lost_calls_total 0');
    await setting.telemetry.stop(1000);
    expect(setting.reports).toEqual([]);
    expect(setting.time.pending).toBe(0);
  });

  it('leaves no timer behind', async () => {
    const setting = new Setting();
    setting.start();
    await setting.time.advanceAsync(2500);
    await setting.telemetry.stop(1000);
    await setting.time.advanceAsync(1000);
    expect(setting.time.pending).toBe(0);
  });

  it('logs a metric that cannot be read', async () => {
    const setting = new Setting();
    setting.telemetry.metrics.registerGauge({
      name: 'rookery_broken',
      help: 'Broken.',
      read: () => {
        throw new Error('closed');
      },
    });
    await setting.telemetry.metrics.render();
    expect(setting.lines[0]).toContain('"metric":"rookery_broken"');
    await setting.telemetry.stop(0);
  });
});
