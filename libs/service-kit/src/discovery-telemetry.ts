import { type DiscoveryEvent, DiscoveryObserver, type Snapshot } from '@rookery/discovery';
import type { Clock } from '@rookery/runtime';
import type { Logger, Metrics } from '@rookery/telemetry';

/** Puts what discovery does into the log and on /metrics. */
export class DiscoveryTelemetry extends DiscoveryObserver {
  private readonly confirmedAt = new Map<string, number>();
  private readonly instances = new Map<string, number>();
  private readonly failing = new Set<string>();
  private failures = 0;

  constructor(
    private readonly logger: Logger,
    metrics: Metrics,
    clock: Clock,
  ) {
    super();
    metrics.registerGauge({
      name: 'rookery_discovery_snapshot_age_seconds',
      help: 'Time since the registry last confirmed what is known of a service.',
      labels: ['service'],
      read: () =>
        [...this.confirmedAt].map(([service, at]) => ({ labels: { service }, value: (clock.now() - at) / 1000 })),
    });
    metrics.registerGauge({
      name: 'rookery_discovery_instances',
      help: 'Usable instances that are known of a service.',
      labels: ['service'],
      read: () => [...this.instances].map(([service, value]) => ({ labels: { service }, value })),
    });
    metrics.registerCounter({
      name: 'rookery_discovery_failures_total',
      help: 'Questions, registrations and beats that the registry did not answer well.',
      read: () => this.failures,
    });
  }

  observe(event: DiscoveryEvent): void {
    switch (event.type) {
      case 'confirmed':
        return this.confirmed(event.service, event.confirmedAt);
      case 'snapshot-changed':
        return this.changed(event.snapshot);
      case 'watch-ended':
        return this.forget(event.service);
      case 'registered':
        return this.registered(event.instanceId, event.isRepeated);
      case 'watch-repaired':
        return this.logger.info({ watched: event.service }, 'a watch had missed a change and was started anew');
      default:
        return this.failed(event);
    }
  }

  private confirmed(service: string, at: number): void {
    this.confirmedAt.set(service, at);
    this.recovered(`service ${service}`);
  }

  private changed({ service, instances, source }: Snapshot): void {
    this.instances.set(service, instances.length);
    const ids = instances.map(({ id }) => id);
    this.logger.debug({ watched: service, instances: ids, source }, 'instances changed');
  }

  private forget(service: string): void {
    this.confirmedAt.delete(service);
    this.instances.delete(service);
  }

  private registered(instanceId: string, isRepeated: boolean): void {
    this.recovered(`instance ${instanceId}`);
    if (isRepeated) this.logger.warn('the registry had forgotten this instance; it is registered again');
  }

  private failed(event: Extract<DiscoveryEvent, { error: Error }>): void {
    this.failures++;
    const subject = 'service' in event ? `service ${event.service}` : `instance ${event.instanceId}`;
    const isFirst = this.failing.size === 0;
    this.failing.add(subject);
    // A registry that is down fails every question: one line when it begins, one when all is answered again.
    const fields = { about: subject, reason: event.error.message };
    if (isFirst) this.logger.warn(fields, `discovery: ${event.type}`);
    else this.logger.debug(fields, `discovery: ${event.type}`);
  }

  private recovered(subject: string): void {
    if (this.failing.delete(subject) && this.failing.size === 0) this.logger.info('discovery: all is answered again');
  }
}
