import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';
import { Counter } from 'prom-client';

import { registerCallMetrics } from './call-metrics.js';
import type { CallRecord } from './call-record.js';
import { CallTelemetry } from './call-telemetry.js';
import { Metrics, type PulledMetric } from './metrics.js';

const QUOTE = '/rookery.pricing.v1.PricingService/QuotePrice';
const TARGET = { service: 'pricing', instanceId: 'pricing-1', incarnation: 'i-1' };

/** The samples of one metric as /metrics shows them, without help and type. */
async function samplesOf(metrics: Metrics, name: string): Promise<string[]> {
  const lines = (await metrics.render()).split('\n');
  return lines.filter((line) => line.startsWith(name) && !line.startsWith('#'));
}

const gauge = (over: Partial<PulledMetric> = {}): PulledMetric => ({
  name: 'rookery_link_connections',
  help: 'Open links.',
  read: () => 3,
  ...over,
});

describe('Metrics', () => {
  it('reads a metric when it is scraped, and not before', async () => {
    const metrics = new Metrics();
    let value = 1;
    metrics.registerGauge(gauge({ read: () => value }));
    value = 2;
    expect(await samplesOf(metrics, 'rookery_link_connections')).toEqual(['rookery_link_connections 2']);
    value = 5;
    expect(await samplesOf(metrics, 'rookery_link_connections')).toEqual(['rookery_link_connections 5']);
  });

  it('shows one line for each reading, and forgets those that are gone', async () => {
    const metrics = new Metrics();
    let services = ['pricing', 'monitor'];
    metrics.registerGauge(
      gauge({ labels: ['service'], read: () => services.map((service) => ({ labels: { service }, value: 1 })) }),
    );
    expect(await samplesOf(metrics, 'rookery_link')).toHaveLength(2);
    services = ['monitor'];
    expect(await samplesOf(metrics, 'rookery_link')).toEqual(['rookery_link_connections{service="monitor"} 1']);
  });

  it('shows a counter as the total that it reads', async () => {
    const metrics = new Metrics();
    metrics.registerCounter(gauge({ name: 'rookery_link_losses_total', read: () => 4 }));
    await metrics.render();
    expect(await samplesOf(metrics, 'rookery_link_losses_total')).toEqual(['rookery_link_losses_total 4']);
  });

  it('goes on when one metric cannot be read, counts it and tells', async () => {
    const errors: string[] = [];
    const metrics = new Metrics({ onReadError: (metric, error) => errors.push(`${metric}: ${String(error)}`) });
    metrics.registerGauge(
      gauge({
        read: () => {
          throw new Error('closed');
        },
      }),
    );
    metrics.registerGauge(gauge({ name: 'rookery_link_losses' }));
    await metrics.render();
    expect(await samplesOf(metrics, 'rookery_link_losses')).toEqual(['rookery_link_losses 3']);
    expect(await samplesOf(metrics, 'rookery_metrics_read_failures_total')).toEqual([
      'rookery_metrics_read_failures_total 2',
    ]);
    expect(errors[0]).toBe('rookery_link_connections: Error: closed');
  });

  it('leaves out and counts what is too much for one metric', async () => {
    const metrics = new Metrics();
    const read = (): { labels: { peer: string }; value: number }[] =>
      Array.from({ length: 1000 }, (_, peer) => ({ labels: { peer: String(peer) }, value: 1 }));
    metrics.registerGauge(gauge({ labels: ['peer'], read }));
    expect(await samplesOf(metrics, 'rookery_link_connections')).toHaveLength(300);
    expect(await samplesOf(metrics, 'rookery_metrics_dropped')).toEqual(['rookery_metrics_dropped_series_total 700']);
  });

  it.each([
    ['a name of someone else', { name: 'link_connections' }, 'must be rookery_'],
    ['camelCase', { name: 'rookery_linkConnections' }, 'lower_snake_case'],
    ['a gauge that looks like a counter', { name: 'rookery_links_total' }, 'must not end in _total'],
    ['an empty help text', { help: ' ' }, 'needs a help text'],
  ])('refuses %s', (_, over, why) => {
    expect(() => new Metrics().registerGauge(gauge(over))).toThrow(why);
  });

  it('refuses a counter that does not look like one, and a name that is taken', () => {
    const metrics = new Metrics();
    expect(() => metrics.registerCounter(gauge())).toThrow('must end in _total');
    const registration = metrics.registerGauge(gauge());
    expect(() => metrics.registerGauge(gauge())).toThrow('the name is taken');
    registration.remove();
    metrics.registerGauge(gauge());
  });

  it('shows an app’s own prom-client metrics too', async () => {
    const metrics = new Metrics();
    new Counter({ name: 'gateway_requests_total', help: 'Requests.', registers: [metrics.registry] }).inc(2);
    expect(await samplesOf(metrics, 'gateway')).toEqual(['gateway_requests_total 2']);
  });
});

describe('call metrics', () => {
  const record = (over: Partial<CallRecord> = {}): CallRecord => ({
    method: QUOTE,
    code: 0,
    durationMs: 3,
    transport: 'link',
    isStream: false,
    ...over,
  });

  function setting(): { metrics: Metrics; calls: CallTelemetry } {
    const metrics = new Metrics();
    const calls = new CallTelemetry(new VirtualTime().clock);
    registerCallMetrics(metrics, calls);
    return { metrics, calls };
  }

  it('counts by service, method, code and transport, and never by instance', async () => {
    const { metrics, calls } = setting();
    calls.callerEnded(record({ target: TARGET }));
    calls.callerEnded(record({ target: { ...TARGET, instanceId: 'pricing-2' } }));
    calls.callerEnded(record({ target: TARGET, code: 14, transport: 'grpc' }));
    expect(await samplesOf(metrics, 'rookery_caller_calls_total')).toEqual([
      `rookery_caller_calls_total{service="pricing",method="${QUOTE}",code="OK",transport="link"} 2`,
      `rookery_caller_calls_total{service="pricing",method="${QUOTE}",code="UNAVAILABLE",transport="grpc"} 1`,
    ]);
    expect(await metrics.render()).not.toContain('pricing-1');
  });

  it('shows what is in flight on both sides', async () => {
    const { metrics, calls } = setting();
    calls.calleeStarted(QUOTE);
    calls.callerStarted(QUOTE, TARGET);
    calls.callerStarted(QUOTE, TARGET);
    expect(await samplesOf(metrics, 'rookery_callee_calls_in_flight')).toEqual([
      `rookery_callee_calls_in_flight{method="${QUOTE}"} 1`,
    ]);
    expect(await samplesOf(metrics, 'rookery_caller_calls_in_flight')).toEqual([
      `rookery_caller_calls_in_flight{service="pricing",method="${QUOTE}"} 2`,
    ]);
  });

  it('shows durations of unary calls in cumulative buckets', async () => {
    const { metrics, calls } = setting();
    for (const durationMs of [0.4, 1, 3, 30_000]) calls.calleeEnded(record({ durationMs }));
    calls.calleeEnded(record({ durationMs: 1, isStream: true }));
    const lines = await samplesOf(metrics, 'rookery_callee_call_duration_seconds');
    const counts = lines.map((line) => line.replace(/^\w+_duration_seconds_(\w+)\{(?:le="([^"]*)",)?.*\} /, '$1 $2 '));
    expect(counts).toEqual([
      'bucket 0.0005 1',
      'bucket 0.001 2',
      'bucket 0.0025 2',
      'bucket 0.005 3',
      'bucket 0.01 3',
      'bucket 0.025 3',
      'bucket 0.05 3',
      'bucket 0.1 3',
      'bucket 0.25 3',
      'bucket 1 3',
      'bucket 5 3',
      'bucket +Inf 4',
      'sum  30.0044',
      'count  4',
    ]);
  });
});
