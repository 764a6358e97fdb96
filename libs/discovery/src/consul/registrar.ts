import { type BackOffOptions, fullJitter } from '@rookery/resilience';
import { type Clock, DomainError, pause, type Random, type Scheduler } from '@rookery/runtime';
import { type DiscoveryObserver, SilentDiscoveryObserver } from '../discovery-observer.port.js';
import type { Instance } from '../instance.js';
import { Registrar } from '../registrar.js';
import { ConsulClient } from './consul.client.js';
import { toRegistration } from './instance.mapper.js';
import { type ConsulCheck, LivenessCheck } from './liveness-check.js';
import { Registration, type RegistrationContext } from './registration.js';

/** Who deregisters is about to stop and cannot wait for long: at most 3 tries of 2 s and the pauses between them. */
const TRIES = 3;
const TRY_MS = 2_000;
const BACK_OFF: BackOffOptions = { baseMs: 250, capMs: 1_000 };

export interface ConsulRegistrarOptions {
  /** The local agent, such as `http://127.0.0.1:8500`. Consul keeps a service only as long as its agent knows it. */
  readonly url: string;
  /** ACL token with `service:write`, and `node:read` to see the own entry in the catalogue. */
  readonly token?: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly observer?: DiscoveryObserver | undefined;
  /** How Consul finds out whether an instance lives. Default: a TTL check of 10 s. */
  readonly check?: ConsulCheck;
}

/** Registers instances with a Consul agent. */
export class ConsulRegistrar extends Registrar {
  private readonly context: RegistrationContext;
  private readonly registrations = new Map<string, Registration>();
  /** Deregistrations on their way, which a new registration of the id must not overtake. */
  private readonly departures = new Map<string, Promise<void>>();
  private readonly closing = new AbortController();

  /** Throws DomainError CONSUL_URL_INVALID. */
  constructor(options: ConsulRegistrarOptions) {
    super();
    const { check = { kind: 'ttl' }, observer = new SilentDiscoveryObserver() } = options;
    this.context = { ...options, client: new ConsulClient(options), observer, check: new LivenessCheck(check) };
  }

  async register(instance: Instance, signal?: AbortSignal): Promise<void> {
    // Refuses what Consul could never hold before anything is tried.
    toRegistration(instance, this.context.check.define(instance, false));
    const previous = this.registrations.get(instance.id);
    const registration = new Registration(instance, this.context);
    this.registrations.set(instance.id, registration);
    const given = signal === undefined ? this.closing.signal : AbortSignal.any([signal, this.closing.signal]);
    try {
      await previous?.stop();
      await this.departures.get(instance.id);
      await registration.start(given);
    } catch (error) {
      if (this.registrations.get(instance.id) === registration) await this.withdraw(instance.id, registration);
      throw error;
    }
  }

  async setMaintenance(instanceId: string, isInMaintenance: boolean, reason: string): Promise<void> {
    const registration = this.registrations.get(instanceId);
    if (registration === undefined) {
      const message = `${instanceId} is not registered by this process`;
      throw new DomainError('INSTANCE_NOT_REGISTERED', message, { kind: 'not-found' });
    }
    await this.tryHard(() => registration.setMaintenance(isInMaintenance, reason, TRY_MS));
  }

  async deregister(instanceId: string): Promise<void> {
    const registration = this.registrations.get(instanceId);
    this.registrations.delete(instanceId);
    await this.depart(instanceId, async () => {
      await registration?.stop();
      await this.tryHard(() => this.leave(instanceId, registration));
    });
  }

  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all([...this.registrations.values()].map((registration) => registration.stop()));
    await Promise.all(this.departures.values());
    this.registrations.clear();
    this.context.client.close();
  }

  /** The agent may have accepted what was given up; one try takes it back, and otherwise its check does. */
  private async withdraw(instanceId: string, registration: Registration): Promise<void> {
    this.registrations.delete(instanceId);
    try {
      await this.depart(instanceId, () => this.leave(instanceId, registration));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.context.observer.observe({ type: 'registration-failed', instanceId, error, failures: 1 });
    }
  }

  private async leave(instanceId: string, registration: Registration | undefined): Promise<void> {
    if ((await registration?.isReplaced(TRY_MS)) === true) return;
    await this.context.client.deregister(instanceId, TRY_MS);
  }

  private async depart(instanceId: string, work: () => Promise<void>): Promise<void> {
    const departing = (this.departures.get(instanceId) ?? Promise.resolve()).then(work);
    const settled = departing.catch(() => undefined);
    this.departures.set(instanceId, settled);
    try {
      await departing;
    } finally {
      if (this.departures.get(instanceId) === settled) this.departures.delete(instanceId);
    }
  }

  private async tryHard(work: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (attempt === TRIES || !(error instanceof DomainError) || error.code !== 'REGISTRY_UNAVAILABLE') throw error;
        await pause(this.context.scheduler, fullJitter(attempt, BACK_OFF, this.context.random), this.closing.signal);
      }
    }
  }
}
