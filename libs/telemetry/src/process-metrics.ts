import type { DelayWindow } from './event-loop-delay.js';
import type { Metrics } from './metrics.js';
import type { ProcessProbe } from './process-probe.port.js';

/** Who this process is, as the registry and the monitor know it. */
export interface Identity {
  readonly service: string;
  readonly instanceId: string;
  /** Made anew with each start. */
  readonly incarnation: string;
  readonly version: string;
}

/** Puts the process itself on /metrics: the names that Prometheus has for it, and Rookery's own for the engine. */
export function registerProcessMetrics(
  metrics: Metrics,
  identity: Identity,
  probe: ProcessProbe,
  delay: DelayWindow,
): void {
  metrics.registerGauge({
    name: 'rookery_instance_info',
    help: 'Always 1; the labels say which instance answers.',
    labels: ['service', 'instance_id', 'incarnation', 'version'],
    read: () => [{ labels: identityLabels(identity), value: 1 }],
  });
  metrics.registerCounter({
    name: 'process_cpu_seconds_total',
    help: 'CPU time of all threads.',
    read: () => probe.cpuMicros() / 1_000_000,
  });
  metrics.registerGauge({
    name: 'process_start_time_seconds',
    help: 'When the process began, in seconds since the Unix epoch.',
    read: () => probe.startedAtSeconds,
  });
  registerMemory(metrics, probe);
  registerEventLoop(metrics, probe, delay);
}

function identityLabels({ service, instanceId, incarnation, version }: Identity): Record<string, string> {
  return { service, instance_id: instanceId, incarnation, version };
}

function registerMemory(metrics: Metrics, probe: ProcessProbe): void {
  metrics.registerGauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory of the process that is in RAM.',
    read: () => probe.memory().residentBytes,
  });
  metrics.registerGauge({
    name: 'rookery_heap_used_bytes',
    help: 'JavaScript heap in use.',
    read: () => probe.memory().heapUsedBytes,
  });
  metrics.registerGauge({
    name: 'rookery_heap_limit_bytes',
    help: 'The size at which the engine gives up with out of memory.',
    read: () => probe.memory().heapLimitBytes,
  });
}

function registerEventLoop(metrics: Metrics, probe: ProcessProbe, delay: DelayWindow): void {
  metrics.registerCounter({
    name: 'rookery_event_loop_active_seconds_total',
    help: 'How long the event loop has worked; its rate is the utilization, 1 being all the time.',
    read: () => probe.eventLoop().activeMs / 1000,
  });
  metrics.registerGauge({
    name: 'rookery_event_loop_delay_p99_seconds',
    help: 'How late timers ran, 99th percentile since the last scrape.',
    read: () => delay.takeP99Ms() / 1000,
  });
  metrics.registerCounter({
    name: 'rookery_gc_pause_seconds_total',
    help: 'How long garbage collection has stopped the program.',
    read: () => probe.gcPauseMs() / 1000,
  });
}
