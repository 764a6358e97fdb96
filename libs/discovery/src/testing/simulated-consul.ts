import { type Cancellable, DomainError } from '@rookery/runtime';
import type { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import type { ConsulAnswer, ConsulQuery, ConsulRegistration, ConsulServiceEntry } from '../consul/consul.client.js';
import type { HeldService } from '../consul/held-service.js';

/** What the client gives a request that is answered at once, and a blocking one on top of its wait. */
const LIMIT_MS = 5_000;

interface HeldCheck {
  isPassing: boolean;
  ttlMs: number;
  lapse?: Cancellable | undefined;
}

interface HeldRegistration {
  readonly registration: ConsulRegistration;
  readonly checks: Map<string, HeldCheck>;
  maintenance: string | undefined;
}

/** Consul's agent and server over virtual time, as `ConsulClient` sees them, with the faults that a test asks for. */
export class SimulatedConsul {
  /** `hanging` takes requests and answers none; `confused` answers with indexes that mean nothing. */
  state: 'sound' | 'down' | 'hanging' | 'failing' | 'confused' = 'sound';
  private readonly held = new Map<string, HeldRegistration>();
  private readonly waiting = new Set<() => void>();
  private index = 10;

  constructor(
    private readonly time: VirtualTime,
    private readonly random: SeededRandom,
  ) {}

  /** With all services, whose checks then fail until they are passed, or with none. Its index begins anew. */
  restart(isEmpty: boolean): void {
    this.index = this.random.int(20);
    for (const { checks } of this.held.values()) {
      for (const check of checks.values()) {
        check.lapse?.cancel();
        check.isPassing = false;
      }
    }
    if (isEmpty) this.held.clear();
    this.changed();
  }

  forget(id: string): void {
    for (const { lapse } of this.held.get(id)?.checks.values() ?? []) lapse?.cancel();
    this.held.delete(id);
    this.changed();
  }

  /** What `ConsulClient` would give; the client of a driver under test. */
  readonly client = {
    register: (registration: ConsulRegistration): Promise<void> => this.answer(() => this.register(registration)),
    pass: (checkId: string): Promise<void> => this.answer(() => this.pass(checkId)),
    removeCheck: (checkId: string): Promise<void> =>
      this.answer(() => {
        for (const { checks } of this.held.values()) checks.delete(checkId);
      }),
    setMaintenance: (id: string, isEnabled: boolean, reason: string): Promise<'done' | 'forgotten'> =>
      this.answer(() => {
        const held = this.held.get(id);
        if (held === undefined) return 'forgotten';
        held.maintenance = isEnabled ? reason : undefined;
        this.changed();
        return 'done';
      }),
    held: (id: string): Promise<HeldService | undefined> =>
      this.answer(() => {
        const held = this.held.get(id);
        if (held === undefined) return undefined;
        const checks = new Map([...held.checks].map(([checkId, { isPassing }]) => [checkId, isPassing] as const));
        return { incarnation: held.registration.Meta['incarnation'] ?? '', checks, maintenance: held.maintenance };
      }),
    serviceEntries: (_: string, query: ConsulQuery): Promise<ConsulAnswer<readonly ConsulServiceEntry[]>> =>
      this.read(query),
  };

  private register(registration: ConsulRegistration): void {
    const { ID, Check } = registration;
    const known = this.held.get(ID);
    const checks = known?.checks ?? new Map<string, HeldCheck>();
    this.held.set(ID, { registration, checks, maintenance: known?.maintenance });
    const ttlMs = Number.parseInt(Check.TTL ?? '', 10) * (Check.TTL?.endsWith('ms') === true ? 1 : 60_000);
    const check = checks.get(Check.CheckID) ?? { isPassing: false, ttlMs };
    checks.set(Check.CheckID, { ...check, ttlMs });
    this.changed();
  }

  private pass(checkId: string): void {
    const check = [...this.held.values()].map(({ checks }) => checks.get(checkId)).find((one) => one !== undefined);
    if (check === undefined) throw unavailable('unknown check');
    check.lapse?.cancel();
    check.lapse = this.time.timer(check.ttlMs, () => {
      check.isPassing = false;
      this.changed();
    });
    if (check.isPassing) return;
    check.isPassing = true;
    this.changed();
  }

  private async read({ index = 0, waitMs = 0, signal }: ConsulQuery) {
    const began = this.time.clock.monotonic();
    const isOver = (): boolean => this.index > index || this.time.clock.monotonic() - began >= waitMs;
    if (index > 0) while (this.state === 'sound' && !isOver()) await this.untilChanged(waitMs, signal);
    return this.answer(() => {
      const index = this.state === 'confused' ? this.random.int(3) - 1 : this.index;
      return { index, content: [...this.held.values()].map(toEntry) };
    }, signal);
  }

  private untilChanged(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        limit.cancel();
        this.waiting.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const limit = this.time.timer(waitMs, wake);
      this.waiting.add(wake);
      signal?.addEventListener('abort', wake);
    });
  }

  private async answer<T>(content: () => T, signal?: AbortSignal): Promise<T> {
    await this.pause(this.random.next() * 20);
    if (signal?.aborted === true) throw unavailable('aborted');
    if (this.state === 'hanging') await this.pause(LIMIT_MS);
    if (this.state === 'sound' || this.state === 'confused') return content();
    throw unavailable(this.state);
  }

  private pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => this.time.timer(durationMs, resolve));
  }

  private changed(): void {
    this.index++;
    for (const wake of [...this.waiting]) wake();
  }
}

function toEntry({ registration, checks, maintenance }: HeldRegistration): ConsulServiceEntry {
  const { ID, Name, Address, Port, Meta } = registration;
  const own = [...checks].map(([CheckID, { isPassing }]) => ({ CheckID, Status: isPassing ? 'passing' : 'critical' }));
  const out = maintenance === undefined ? [] : [{ CheckID: `_service_maintenance:${ID}`, Status: 'critical' }];
  const Service = { ID, Service: Name, Address, Port, Meta: { ...Meta } };
  return { Node: { Node: 'node', Address: '127.0.0.1' }, Service, Checks: [...own, ...out] };
}

function unavailable(reason: string): DomainError {
  return new DomainError('REGISTRY_UNAVAILABLE', `simulated: ${reason}`, { kind: 'unavailable' });
}
