import { Histogram, type Registry } from 'prom-client';

import { type CallSeries, DURATION_BOUNDS, type SeriesTable } from './call-series.js';
import type { CallTelemetry } from './call-telemetry.js';
import type { Metrics, Reading } from './metrics.js';

type Labels = Readonly<Record<string, string>>;

/**
 * Puts rate, errors and duration of all calls on /metrics, by method and code. The caller's side names the service that
 * was called and never the instance: instance ids are made anew with each start, so as labels they would grow without
 * end. Which instance it was is what reports and the monitor are for.
 */
export function registerCallMetrics(metrics: Metrics, calls: CallTelemetry): void {
  registerSide(metrics, calls.callerSeries, {
    side: 'caller',
    labels: ['service', 'method'],
    labelsOf: ({ service, method }) => ({ service, method }),
    ended: 'Attempts of calls to other services that ended, by gRPC status code and by transport.',
    inFlight: 'Attempts of calls to other services that have not ended yet.',
    duration: 'How long attempts of unary calls to other services took; streams are left out.',
  });
  registerSide(metrics, calls.calleeSeries, {
    side: 'callee',
    labels: ['method'],
    labelsOf: ({ method }) => ({ method }),
    ended: 'Calls served to the end, by gRPC status code and by transport.',
    inFlight: 'Calls being served.',
    duration: 'How long unary calls took to serve; streams are left out.',
  });
  registerConnections(metrics, calls);
}

function registerConnections(metrics: Metrics, calls: CallTelemetry): void {
  metrics.registerGauge({
    name: 'rookery_caller_connections',
    help: 'Connections to instances of other services, by state: up, suspect (silent) or down.',
    labels: ['service', 'state'],
    read: () =>
      Array.from(calls.connections.counts(), ({ service, state, count }) => ({
        labels: { service, state },
        value: count,
      })),
  });
}

interface Side {
  readonly side: 'caller' | 'callee';
  readonly labels: readonly string[];
  readonly labelsOf: (series: CallSeries) => Labels;
  /** Help texts. */
  readonly ended: string;
  readonly inFlight: string;
  readonly duration: string;
}

function registerSide(metrics: Metrics, table: SeriesTable, { side, labels, labelsOf, ...help }: Side): void {
  metrics.registerCounter({
    name: `rookery_${side}_calls_total`,
    help: help.ended,
    labels: [...labels, 'code', 'transport'],
    read: () => callCounts(table, labelsOf),
    maxReadings: Number.POSITIVE_INFINITY,
  });
  metrics.registerGauge({
    name: `rookery_${side}_calls_in_flight`,
    help: help.inFlight,
    labels,
    read: () => [...table].map((series) => ({ labels: labelsOf(series), value: series.inFlight })),
    maxReadings: Number.POSITIVE_INFINITY,
  });
  new DurationHistogram(metrics.registry, {
    name: `rookery_${side}_call_duration_seconds`,
    help: help.duration,
    labelNames: labels,
    series: () => [...table].map((series) => ({ labels: labelsOf(series), series })),
  });
}

function* callCounts(table: SeriesTable, labelsOf: (series: CallSeries) => Labels): Generator<Reading> {
  for (const series of table) {
    const labels = labelsOf(series);
    for (const { code, transport, count } of series.counts())
      yield { labels: { ...labels, code, transport }, value: count };
  }
}

interface DurationHistogramOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  readonly series: () => readonly { readonly labels: Labels; readonly series: CallSeries }[];
}

/** One line of the exposition, as prom-client's registry takes it from a histogram. */
interface Line {
  readonly metricName: string;
  readonly labels: Labels;
  readonly sharedLabels: Labels;
  readonly value: number;
}

/** A prom-client histogram that reads its values from the series instead of keeping a second set of its own. */
class DurationHistogram extends Histogram {
  constructor(
    registry: Registry,
    private readonly options: DurationHistogramOptions,
  ) {
    super({
      name: options.name,
      help: options.help,
      labelNames: [...options.labelNames],
      buckets: [...DURATION_BOUNDS],
      registers: [registry],
    });
  }

  /** Where prom-client's registry, and its own `get`, ask a histogram for its values. Missing from its type declarations. */
  getForPromString(): Promise<{ name: string; help: string; type: string; aggregator: string; values: Line[] }> {
    const { name, help } = this.options;
    const values = this.options.series().flatMap(({ labels, series }) => this.lines(labels, series));
    return Promise.resolve({ name, help, type: 'histogram', aggregator: 'sum', values });
  }

  private lines(sharedLabels: Labels, series: CallSeries): Line[] {
    const { name } = this.options;
    const lines: Line[] = [];
    let count = 0;
    for (const [index, inBucket] of series.durationBuckets().entries()) {
      count += inBucket;
      const le = String(DURATION_BOUNDS[index] ?? '+Inf');
      lines.push({ metricName: `${name}_bucket`, labels: { le }, sharedLabels, value: count });
    }
    lines.push({ metricName: `${name}_sum`, labels: {}, sharedLabels, value: series.durationSeconds });
    lines.push({ metricName: `${name}_count`, labels: {}, sharedLabels, value: count });
    return lines;
  }
}
