import { Counter, Gauge, Registry } from 'prom-client';

/** One value of a metric, and what tells it from the metric's other values. */
export interface Reading {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric whose values already exist elsewhere: it is read when somebody scrapes, and costs nothing until then. */
export interface PulledMetric {
  /** `rookery_…`, or `process_…` where Prometheus itself has a name for it. With the unit: `_seconds`, `_bytes`. */
  readonly name: string;
  /** One sentence for people. */
  readonly help: string;
  /** The names of the labels that `read` gives. */
  readonly labels?: readonly string[];
  /** A number, or one reading for each combination of labels. */
  readonly read: () => number | Iterable<Reading>;
  /** Readings past this many are left out and counted. Default 300; more only where the source is bounded itself. */
  readonly maxReadings?: number;
}

/** A metric that can be taken away again. */
export interface Registration {
  remove(): void;
}

export interface MetricsOptions {
  /** Told when a metric's `read` throws. The scrape goes on without it. */
  readonly onReadError?: (metric: string, error: unknown) => void;
}

const MAX_READINGS = 300;
const NAME = /^(?:rookery|process)(?:_[a-z][a-z0-9]*)+$/;

/** What this process answers on /metrics. Has a registry of its own, so that two in one test don't meet. */
export class Metrics {
  /** For an app's own prom-client metrics: pass it as `registers: [metrics.registry]`. */
  readonly registry = new Registry();
  readonly contentType = this.registry.contentType;

  private readFailures = 0;
  private droppedSeries = 0;

  constructor(private readonly options: MetricsOptions = {}) {
    this.registerCounter({
      name: 'rookery_metrics_read_failures_total',
      help: 'Metrics that could not be read while answering a scrape.',
      read: () => this.readFailures,
    });
    this.registerCounter({
      name: 'rookery_metrics_dropped_series_total',
      help: 'Time series left out of a scrape because their metric had too many.',
      read: () => this.droppedSeries,
    });
  }

  /** Adds a value that goes up and down. Throws a RangeError when the name is taken or breaks Prometheus' conventions. */
  registerGauge(metric: PulledMetric): Registration {
    this.check(metric, !metric.name.endsWith('_total'), 'a gauge must not end in _total');
    new Gauge({
      ...this.configuration(metric),
      collect: forEachReading(this.reader(metric), (gauge: Gauge, { labels = {}, value }) =>
        gauge.set({ ...labels }, value),
      ),
    });
    return this.registration(metric);
  }

  /** Adds a value that only rises while the process lives. Throws as `registerGauge` does. */
  registerCounter(metric: PulledMetric): Registration {
    this.check(metric, metric.name.endsWith('_total'), 'a counter must end in _total');
    new Counter({
      ...this.configuration(metric),
      collect: forEachReading(this.reader(metric), (counter: Counter, { labels = {}, value }) =>
        counter.inc({ ...labels }, value),
      ),
    });
    return this.registration(metric);
  }

  /** The answer to a scrape, in Prometheus' text format; serve it as `contentType`. */
  render(): Promise<string> {
    return this.registry.metrics();
  }

  private configuration({ name, help, labels = [] }: PulledMetric): {
    name: string;
    help: string;
    labelNames: string[];
    registers: Registry[];
  } {
    return { name, help, labelNames: [...labels], registers: [this.registry] };
  }

  private registration({ name }: PulledMetric): Registration {
    return { remove: () => this.registry.removeSingleMetric(name) };
  }

  private check({ name, help }: PulledMetric, isSuffixRight: boolean, suffixRule: string): void {
    const refuse = (why: string): never => {
      throw new RangeError(`metric ${name}: ${why}`);
    };
    if (!NAME.test(name)) refuse('the name must be rookery_… or process_… in lower_snake_case');
    if (!isSuffixRight) refuse(suffixRule);
    if (help.trim() === '') refuse('it needs a help text');
    if (this.registry.getSingleMetric(name) !== undefined) refuse('the name is taken');
  }

  private reader(metric: PulledMetric): () => readonly Reading[] {
    return () => {
      try {
        return this.bounded(metric.read(), metric.maxReadings ?? MAX_READINGS);
      } catch (error) {
        this.readFailures++;
        this.options.onReadError?.(metric.name, error);
        return [];
      }
    };
  }

  private bounded(read: number | Iterable<Reading>, limit: number): readonly Reading[] {
    if (typeof read === 'number') return [{ value: read }];
    const all = [...read];
    this.droppedSeries += Math.max(0, all.length - limit);
    return all.slice(0, limit);
  }
}

function forEachReading<M extends { reset(): void }>(
  read: () => readonly Reading[],
  apply: (metric: M, reading: Reading) => void,
): (this: M) => void {
  return function collect() {
    this.reset();
    for (const reading of read()) apply(this, reading);
  };
}
