import type { Cancellable, Clock, Random, Scheduler } from '@rookery/runtime';
import type { HealthProbe } from './health-probe.port.js';
import type { CheckRegistration, CheckStatus, ServiceRegistration } from './service-registration.js';

/** Consul accepts no shorter time for `DeregisterCriticalServiceAfter`, and looks this often. */
const MIN_DEREGISTER_AFTER_MS = 60_000;
const REAP_EVERY_MS = 30_000;

/** Consul calls no more often than that, and waits for so long unless it is told otherwise. */
const MIN_INTERVAL_MS = 1_000;
const PROBE_TIMEOUT_MS = 10_000;

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
  readonly type: 'ttl' | 'grpc' | 'maintenance';
  readonly serviceId: string;
  readonly notes: string;
  /** Of a TTL check alone. */
  readonly ttlMs?: number;
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
  /** What each check waits for: its TTL, or the next call. */
  private readonly waits = new Map<string, Cancellable>();
  private readonly serviceIndexes = new Map<string, number>();
  private readonly listeners = new Set<() => void>();
  private readonly reaper: Cancellable;
  private index = 1;
  private namesIndex = 1;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly scheduler: Scheduler,
    private readonly probe: HealthProbe,
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

  /** A check that is held already keeps its status, also when the service changes its name. */
  register(registration: ServiceRegistration, shouldReplaceChecks: boolean): void {
    const { ID: id, Name: name, checks } = registration;
    const previous = this.services.get(id);
    const index = ++this.index;
    this.services.set(id, { id, registration, createIndex: previous?.createIndex ?? index, modifyIndex: index });
    this.namesIndex = index;
    const ids = checks.map(({ CheckID }, place) =>
      CheckID === '' ? defaultCheckId(id, place, checks.length) : CheckID,
    );
    if (shouldReplaceChecks) {
      for (const check of this.checksOf(id)) if (!ids.includes(check.id)) this.removeCheck(check.id);
    }
    checks.forEach((check, place) => this.putCheck(ids[place] ?? id, registration, check, index));
    if (previous !== undefined) this.serviceIndexes.set(previous.registration.Name, index);
    this.changed(name, index);
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
        ...{ notes: reason === '' ? DEFAULT_REASON : reason, deregisterAfterMs: undefined },
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
    const ttlMs = check?.ttlMs;
    if (check === undefined || ttlMs === undefined) return false;
    this.setStatus(check, status, output);
    this.startTtl(check, ttlMs);
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
    for (const wait of this.waits.values()) wait.cancel();
    this.waits.clear();
  }

  private putCheck(id: string, service: ServiceRegistration, given: CheckRegistration, index: number): void {
    const fresh = freshCheck(id, service, given);
    const { createIndex, status, output, criticalSince } = this.checks.get(id) ?? {
      ...{ createIndex: index, status: given.Status, output: '', criticalSince: this.clock.monotonic() },
    };
    const check: CheckRecord = { ...fresh, createIndex, modifyIndex: index, status, output, criticalSince };
    this.checks.set(id, check);
    if (given.GRPC === '') this.startTtl(check, given.TTL);
    else this.startCalls(check, given);
  }

  private startTtl(check: CheckRecord, ttlMs: number): void {
    this.wait(check, ttlMs, () => this.setStatus(check, 'critical', 'TTL expired'));
  }

  /** The first call comes at any time within the interval, so that not all instances are called at once. */
  private startCalls(
    check: CheckRecord,
    { GRPC, GRPCUseTLS, TLSSkipVerify, Interval, Timeout }: CheckRegistration,
  ): void {
    const intervalMs = Math.max(MIN_INTERVAL_MS, Interval);
    const timeoutMs = Timeout > 0 ? Timeout : PROBE_TIMEOUT_MS;
    const call = async (): Promise<void> => {
      const found = await this.probe.call({
        target: GRPC,
        usesTls: GRPCUseTLS,
        skipsVerification: TLSSkipVerify,
        timeoutMs,
      });
      // It may have been removed or replaced while the call was on its way.
      if (this.checks.get(check.id) !== check) return;
      this.setStatus(check, found.isServing ? 'passing' : 'critical', found.output);
      this.wait(check, intervalMs, () => void call());
    };
    this.wait(check, this.random.next() * intervalMs, () => void call());
  }

  private wait(check: CheckRecord, durationMs: number, then: () => void): void {
    this.waits.get(check.id)?.cancel();
    this.waits.set(check.id, this.scheduler.timer(durationMs, then));
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
    this.waits.get(checkId)?.cancel();
    this.waits.delete(checkId);
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

/** What a registration says of a check, without its state. */
function freshCheck(id: string, { ID, Name }: ServiceRegistration, given: CheckRegistration) {
  const after = given.DeregisterCriticalServiceAfter;
  return {
    id,
    name: given.Name === '' ? `Service '${Name}' check` : given.Name,
    serviceId: ID,
    notes: given.Notes,
    ...(given.GRPC === '' ? { type: 'ttl' as const, ttlMs: given.TTL } : { type: 'grpc' as const }),
    deregisterAfterMs: after > 0 ? Math.max(MIN_DEREGISTER_AFTER_MS, after) : undefined,
  };
}

function defaultCheckId(serviceId: string, place: number, count: number): string {
  return count === 1 ? `service:${serviceId}` : `service:${serviceId}:${place + 1}`;
}
