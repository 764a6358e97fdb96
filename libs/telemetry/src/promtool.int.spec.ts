import { spawn } from 'node:child_process';

import { describe, expect, it } from '@jest/globals';
import { SystemClock, SystemRandom, SystemScheduler } from '@rookery/runtime';

import { type Telemetry, createTelemetry } from './telemetry.js';

const QUOTE = '/rookery.pricing.v1.PricingService/QuotePrice';

/** Runs `promtool check metrics` on a scrape: what it complains about, and its exit code. */
async function lint(scrape: string): Promise<{ complaints: string; exitCode: number | null }> {
  const program = process.env['PROMTOOL'];
  if (program === undefined) throw new Error("PROMTOOL is not set: install Debian's package prometheus");
  const promtool = spawn(program, ['check', 'metrics'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaints = '';
  for (const stream of [promtool.stdout, promtool.stderr]) {
    stream.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  }
  promtool.stdin.end(scrape);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    promtool.once('error', reject);
    promtool.once('close', resolve);
  });
  return { complaints, exitCode };
}

function telemetryWithTraffic(): Telemetry {
  const telemetry = createTelemetry({
    identity: { service: 'pricing', instanceId: 'pricing-1', incarnation: 'i-1', version: '1.0.0' },
    clock: new SystemClock(),
    scheduler: new SystemScheduler(),
    random: new SystemRandom(),
    logLevel: 'silent',
  });
  const target = { service: 'pricing', instanceId: 'pricing-2', incarnation: 'i-2' };
  telemetry.calls.connectionChanged(target, 'ready');
  telemetry.calls.callerStarted(QUOTE, target);
  telemetry.calls.calleeStarted(QUOTE);
  for (let code = 0; code < 17; code++) {
    const record = { method: QUOTE, code, durationMs: code, transport: 'link', isStream: false } as const;
    telemetry.calls.callerEnded({ ...record, target });
    telemetry.calls.calleeEnded(record);
  }
  return telemetry;
}

describe('promtool check metrics', () => {
  it('has nothing to say about a scrape with traffic on both sides', async () => {
    const telemetry = telemetryWithTraffic();
    const scrape = await telemetry.metrics.render();
    await telemetry.stop(0);
    expect(await lint(scrape)).toEqual({ complaints: '', exitCode: 0 });
  });

  it('complains about a metric that breaks the conventions, so its silence means something', async () => {
    const { complaints, exitCode } = await lint('# TYPE bad_total gauge\nbad_total 1\n');
    expect(complaints).toContain('bad_total');
    expect(exitCode).not.toBe(0);
  });
});
