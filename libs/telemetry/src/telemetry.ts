import type { Clock, Random, Scheduler } from '@rookery/runtime';
import type { DestinationStream } from 'pino';

import { registerCallMetrics } from './call-metrics.js';
import { CallTelemetry, type CallTelemetryOptions } from './call-telemetry.js';
import { EventLoopDelay } from './event-loop-delay.js';
import { type LogLevel, type Logger, createLogger } from './logger.js';
import { Metrics } from './metrics.js';
import { NodeProcessProbe } from './node-process-probe.js';
import { type Identity, registerProcessMetrics } from './process-metrics.js';
import type { ProcessProbe } from './process-probe.port.js';
import { Reporter } from './reporter.js';
import { registerReporterMetrics } from './reporter-metrics.js';
import type { ReportSender } from './report-sender.port.js';
import { StoppedTasks } from './stopped-tasks.js';
import { TraceIds } from './trace-context.js';
import { type LoadSource, VitalsSampler } from './vitals.js';

export interface TelemetryOptions {
  readonly identity: Identity;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly logLevel: LogLevel;
  /** Fields of the call being served, for each log line: `() => traceFields(currentScope()?.traceparent)`. */
  readonly scopeFields?: () => object;
  readonly limits?: CallTelemetryOptions;
  /** Where log lines go. Default: standard output. */
  readonly logOutput?: DestinationStream;
  /** Default: this Node.js process. */
  readonly probe?: ProcessProbe;
}

/** All that one process measures and says about itself. */
export interface Telemetry {
  readonly metrics: Metrics;
  /** Give this to the rpc library as its call observer. */
  readonly calls: CallTelemetry;
  /** Whoever runs tasks for the whole service says here which of them stand still. */
  readonly stoppedTasks: StoppedTasks;
  readonly reporter: Reporter;
  readonly logger: Logger;
  readonly traceIds: TraceIds;
  /** Says whose load the vitals tell, as soon as the server is there. */
  observeLoad(load: LoadSource): void;
  /** Begins to measure, and to report if there is somebody to report to. */
  start(sender: ReportSender | undefined): void;
  /** Reports a last time, within `limitMs`, and ends what it measures. /metrics and the logger work to the end. */
  stop(limitMs: number): Promise<void>;
}

/** Everything of this library, wired. One for each process. */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { clock, identity, random, scheduler } = options;
  const logger = createLogger({
    service: identity.service,
    instanceId: identity.instanceId,
    level: options.logLevel,
    clock,
    ...(options.scopeFields === undefined ? {} : { scopeFields: options.scopeFields }),
    ...(options.logOutput === undefined ? {} : { output: options.logOutput }),
  });
  const probe = options.probe ?? new NodeProcessProbe();
  const delay = new EventLoopDelay(clock, scheduler);
  const metrics = new Metrics({
    onReadError: (metric, error) => logger.warn({ metric, err: error }, 'a metric could not be read'),
  });
  const calls = new CallTelemetry(clock, options.limits);
  const vitals = new VitalsSampler(clock, probe, delay.window());
  const stoppedTasks = new StoppedTasks();
  const reporter = new Reporter({ identity, calls, vitals, stoppedTasks, clock, scheduler, random, log: logger });
  registerProcessMetrics(metrics, identity, probe, delay.window());
  registerCallMetrics(metrics, calls);
  registerReporterMetrics(metrics, reporter);
  return {
    metrics,
    calls,
    stoppedTasks,
    reporter,
    logger,
    traceIds: new TraceIds(random),
    observeLoad: (load) => vitals.observeLoad(load),
    start: (sender) => {
      delay.start();
      if (sender === undefined) calls.stopTallying();
      else reporter.start(sender);
    },
    stop: async (limitMs) => {
      await reporter.stop(limitMs);
      delay.stop();
      probe.close();
    },
  };
}
