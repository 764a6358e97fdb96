export { type CallRecord, type CallTarget, CODE_NAMES } from './call-record.js';
export { CallTelemetry, type CallTelemetryOptions } from './call-telemetry.js';
export type { ConnectionChange } from './connections.js';
export { BUCKET_COUNT, bucketStart, type HistogramMessage, LatencyHistogram } from './latency-histogram.js';
export { createLogger, LOG_LEVELS, type Logger, type LoggerOptions, type LogLevel } from './logger.js';
export { Metrics, type MetricsOptions, type PulledMetric, type Reading, type Registration } from './metrics.js';
export { NestLogger } from './nest-logger.js';
export type { Identity } from './process-metrics.js';
export { ProcessProbe } from './process-probe.port.js';
export type { ReportMessage } from './report.js';
export { Reporter, type ReporterLog, type ReporterOptions, type ReporterStats } from './reporter.js';
export { ReportSender } from './report-sender.port.js';
export { type StoppedTask, StoppedTasks } from './stopped-tasks.js';
export { createTelemetry, type Telemetry, type TelemetryOptions } from './telemetry.js';
export {
  formatTraceparent,
  parseTraceparent,
  type TraceContext,
  traceFields,
  TraceIds,
  TRACEPARENT,
} from './trace-context.js';
export { tracestateOf } from './trace-state.js';
export { type LoadSource, VitalsSampler } from './vitals.js';
