import type { Cancellable, Clock, Scheduler } from '@rookery/runtime';
import type { CheckRegistration, CheckStatus, ServiceRegistration } from './service-registration.js';

/** Consul accepts no shorter time for `DeregisterCriticalServiceAfter`, and looks this often. */
const MIN_DEREGISTER_AFTER_MS = 60_000;
const REAP_EVERY_MS = 30_000;

const MAINTENANCE_PREFIX = '_service_maintenance:';
const DEFAULT_REASON =
  'Maintenance mode is enabled for this service, but no reason was provided. This is a default message.';

export interface ServiceRecord {
  readonly id: string;
  readonly registration: ServiceRegistration;
  readonly createIndex: number;
  readonly modifyIndex: number;
}

export interface CheckRecord {
  readonly id: string;
  readonly name: string;
  readonly type: 'ttl' | 'maintenance';
  readonly serviceId: string;
  readonly notes: string;
  readonly ttlMs: number;
  readonly deregisterAfterMs: number | undefined;
  readonly createIndex: number;
  modifyIndex: number;
  status: CheckStatus;
  output: string;
  /** By the monotonic clock; meaningful while critical. */
  criticalSince: number;
}

/**
 * What one Consul agent and its server know, with Consul's rules for indexes: at least 1, raised by every change, never
 * falling while it lives, and back at the start for the next one.
 */
export class AgentCatalogue {
  readonly services = new Map<string, ServiceRecord>();
  readonly checks = new Map<string, CheckRecord>();
  private readonly lapses = new Map<string, Cancellable>();
  private readonly serviceIndexes = new Map<string, number>();
  private readonly listeners = new Set<() => void>();
  private readonly reaper: Cancellable;
  private index = 1;
  private namesIndex = 1;

  constructor(
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {
    this.reaper = scheduler.interval(REAP_EVERY_MS, () => this.reap());
  }

  /** The index of the last change of the service or one of its checks, its end included. */
  serviceIndex(name: string): number {
    return this.serviceIndexes.get(name) ?? 1;
  }

  /** The index of the last change to the services themselves, whatever their checks did. */
  get servicesIndex(): number {
    return this.namesIndex;
  }

  /** In the order of their ids, as Consul lists them. */
  checksOf(serviceId: string): readonly CheckRecord[] {
    const checks = [...this.checks.values()].filter((check) => check.serviceId === serviceId);
    return checks.sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  /** Called after each change. */
  onChange(listener: () => void): Cancellable {
    this.listeners.add(listener);
    return { cancel: () => this.listeners.delete(listener) };
  }

  register(registration: ServiceRegistration, shouldReplaceChecks: boolean): void {
    const id = registration.ID ?? registration.Name;
    const previous = this.services.get(id);
    if (previous !== undefined && previous.registration.Name !== registration.Name) this.deregister(id);
    const index = ++this.index;
    this.services.set(id, { id, registration, createIndex: previous?.createIndex ?? index, modifyIndex: index });
    this.namesIndex = index;
    const given = [...(registration.Check === undefined ? [] : [registration.Check]), ...registration.Checks];
    const ids = given.map(({ CheckID }, place) => CheckID ?? defaultCheckId(id, place, given.length));
    if (shouldReplaceChecks) {
      for (const check of this.checksOf(id)) if (!ids.includes(check.id)) this.removeCheck(check.id);
    }
    given.forEach((check, place) => this.putTtlCheck(ids[place] ?? id, id, registration.Name, check, index));
    this.changed(registration.Name, index);
  }

  /** Whether the service was known. */
  deregister(serviceId: string): boolean {
    const service = this.services.get(serviceId);
    if (service === undefined) return false;
    for (const check of this.checksOf(serviceId)) this.removeCheck(check.id);
    this.services.delete(serviceId);
    this.namesIndex = ++this.index;
    this.changed(service.registration.Name, this.index);
    return true;
  }

  /** Whether the service is known. */
  setMaintenance(serviceId: string, isEnabled: boolean, reason: string): boolean {
    const service = this.services.get(serviceId);
    if (service === undefined) return false;
    const id = `${MAINTENANCE_PREFIX}${serviceId}`;
    if (isEnabled === this.checks.has(id)) return true;
    const index = ++this.index;
    if (isEnabled) {
      this.checks.set(id, {
        ...{ id, serviceId, name: 'Service Maintenance Mode', type: 'maintenance', status: 'critical', output: '' },
        ...{ notes: reason === '' ? DEFAULT_REASON : reason, ttlMs: 0, deregisterAfterMs: undefined },
        ...{ createIndex: index, modifyIndex: index, criticalSince: this.clock.monotonic() },
      });
    } else {
      this.removeCheck(id);
    }
    this.changed(service.registration.Name, index);
    return true;
  }

  /** Whether the TTL check is known; if so its time starts anew. */
  updateCheck(checkId: string, status: CheckStatus, output: string): boolean {
    const check = this.checks.get(checkId);
    if (check?.type !== 'ttl') return false;
    this.setStatus(check, status, output);
    this.startTtl(check);
    return true;
  }

  /** Whether the check was known. */
  deregisterCheck(checkId: string): boolean {
    const check = this.checks.get(checkId);
    if (check === undefined) return false;
    this.removeCheck(checkId);
    this.changed(this.serviceNameOf(check), ++this.index);
    return true;
  }

  close(): void {
    this.reaper.cancel();
    for (const lapse of this.lapses.values()) lapse.cancel();
    this.lapses.clear();
  }

  private putTtlCheck(id: string, serviceId: string, service: string, given: CheckRegistration, index: number): void {
    const check: CheckRecord = {
      id,
      name: given.Name ?? `Service '${service}' check`,
      type: 'ttl',
      serviceId,
      notes: given.Notes,
      ttlMs: given.TTL,
      deregisterAfterMs:
        given.DeregisterCriticalServiceAfter === undefined
          ? undefined
          : Math.max(MIN_DEREGISTER_AFTER_MS, given.DeregisterCriticalServiceAfter),
      createIndex: this.checks.get(id)?.createIndex ?? index,
      modifyIndex: index,
      status: given.Status,
      output: '',
      criticalSince: this.clock.monotonic(),
    };
    this.checks.set(id, check);
    this.startTtl(check);
  }

  private startTtl(check: CheckRecord): void {
    this.lapses.get(check.id)?.cancel();
    const lapse = this.scheduler.timer(check.ttlMs, () => this.setStatus(check, 'critical', 'TTL expired'));
    this.lapses.set(check.id, lapse);
  }

  private setStatus(check: CheckRecord, status: CheckStatus, output: string): void {
    check.output = output;
    if (check.status === status) return;
    check.status = status;
    check.modifyIndex = ++this.index;
    if (status === 'critical') check.criticalSince = this.clock.monotonic();
    this.changed(this.serviceNameOf(check), this.index);
  }

  private removeCheck(checkId: string): void {
    this.lapses.get(checkId)?.cancel();
    this.lapses.delete(checkId);
    this.checks.delete(checkId);
  }

  private reap(): void {
    const now = this.clock.monotonic();
    for (const { deregisterAfterMs, status, criticalSince, serviceId } of [...this.checks.values()]) {
      const isOverdue = deregisterAfterMs !== undefined && now - criticalSince >= deregisterAfterMs;
      if (status === 'critical' && isOverdue) this.deregister(serviceId);
    }
  }

  private serviceNameOf(check: CheckRecord): string {
    return this.services.get(check.serviceId)?.registration.Name ?? '';
  }

  private changed(service: string, index: number): void {
    this.serviceIndexes.set(service, index);
    for (const listener of [...this.listeners]) listener();
  }
}

function defaultCheckId(serviceId: string, place: number, count: number): string {
  return count === 1 ? `service:${serviceId}` : `service:${serviceId}:${place + 1}`;
}
