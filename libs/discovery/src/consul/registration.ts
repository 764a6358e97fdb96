import { type BackOffOptions, fullJitter } from '@rookery/resilience';
import { type Cancellable, type Clock, DomainError, type Random, type Scheduler } from '@rookery/runtime';
import type { DiscoveryObserver } from '../discovery-observer.port.js';
import { toError } from '../to-error.js';
import type { Instance } from '../instance.js';
import { pause } from '../pause.js';
import type { ConsulClient } from './consul.client.js';
import { checkIdOf, toRegistration } from './instance.mapper.js';

/** Nobody is registered yet who could be missed, so the first tries may come fast. */
const BACK_OFF: BackOffOptions = { baseMs: 250, capMs: 5_000 };

/** Everybody finds out within one beat that Consul forgot; this much spreads them, and callers hardly notice. */
const REJOIN_JITTER_MS = 2_000;

/** Between the agent's yes and the catalogue lie milliseconds; a catalogue that lacks us for longer is a failure. */
const LISTING_MS = 5_000;

export interface RegistrationContext {
  readonly client: ConsulClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly observer: DiscoveryObserver;
  readonly ttlMs: number;
}

/** One instance's place in Consul: taken, kept by beats, taken again when Consul forgot. */
export class Registration {
  /** A beat that hangs must not eat the beats after it. */
  readonly beatMs: number;
  private readonly stopping = new AbortController();
  private maintenance: string | undefined;
  private nextBeat: Cancellable | undefined;
  private inFlight: Promise<unknown> = Promise.resolve();
  private failures = 0;

  constructor(
    private readonly instance: Instance,
    private readonly context: RegistrationContext,
  ) {
    this.beatMs = context.ttlMs / 3;
  }

  /** Resolves when the catalogue lists the instance as usable, and beats from then on. Rejects when `signal` aborts. */
  async start(signal: AbortSignal | undefined): Promise<void> {
    const { random, scheduler } = this.context;
    const ended = signal === undefined ? this.stopping.signal : AbortSignal.any([signal, this.stopping.signal]);
    while (!ended.aborted) {
      if (await this.tryToEnrol(ended)) return;
      await pause(scheduler, fullJitter(this.failures, BACK_OFF, random), ended);
    }
    await this.stop();
    const message = `${this.instance.id}: the registration was given up before the registry accepted it`;
    throw new DomainError('REGISTRATION_ABORTED', message, { kind: 'cancelled' });
  }

  async setMaintenance(isInMaintenance: boolean, reason: string, timeoutMs: number): Promise<void> {
    await this.context.client.setMaintenance(this.instance.id, isInMaintenance, reason, timeoutMs);
    this.maintenance = isInMaintenance ? reason : undefined;
  }

  /** No request of this registration is on its way afterwards, so none can overtake a deregistration. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.nextBeat?.cancel();
    await this.inFlight;
  }

  private async tryToEnrol(ended: AbortSignal): Promise<boolean> {
    const { observer } = this.context;
    try {
      await this.track(this.enrol());
      await this.listed(ended);
      if (ended.aborted) return false;
      this.failures = 0;
      observer.observe({ type: 'registered', instanceId: this.instance.id, isRepeated: false });
      this.scheduleBeat(this.beatMs);
      return true;
    } catch (error) {
      this.failures++;
      const { id: instanceId } = this.instance;
      if (!ended.aborted) {
        observer.observe({ type: 'registration-failed', instanceId, error: toError(error), failures: this.failures });
      }
      return false;
    }
  }

  /** An instance in maintenance enters failing, so that nobody calls it before it is out of rotation again. */
  private async enrol(): Promise<void> {
    const { client, ttlMs } = this.context;
    const { id } = this.instance;
    const isInMaintenance = this.maintenance !== undefined;
    await client.register(toRegistration(this.instance, ttlMs, isInMaintenance ? 'critical' : 'passing'), this.beatMs);
    // An agent that still holds the check of an earlier run keeps its status, whatever the registration says.
    if (this.maintenance === undefined) await client.pass(checkIdOf(id), this.beatMs);
    else await client.setMaintenance(id, true, this.maintenance, this.beatMs);
  }

  /** Waits until consumers would see us. */
  private async listed(signal: AbortSignal): Promise<void> {
    const { client, clock } = this.context;
    const { id, service, incarnation } = this.instance;
    const until = clock.monotonic() + LISTING_MS;
    for (let index = 0; !signal.aborted;) {
      const answer = await client.serviceEntries(service, { index, waitMs: LISTING_MS / 5, signal });
      const entry = answer.content.find(
        ({ Service }) => Service.ID === id && Service.Meta?.['incarnation'] === incarnation,
      );
      if (entry?.Checks.every(({ Status }) => Status === 'passing') === true) return;
      if (clock.monotonic() >= until) break;
      index = Math.max(1, answer.index);
    }
    const message = `${id}: the agent accepted the registration, but the catalogue does not list it as passing`;
    throw new DomainError('REGISTRATION_UNLISTED', message, { kind: 'unavailable' });
  }

  private scheduleBeat(delayMs: number): void {
    if (this.stopping.signal.aborted) return;
    this.nextBeat = this.context.scheduler.timer(delayMs, () => void this.track(this.beat()));
  }

  private async beat(): Promise<void> {
    const { client, clock, observer } = this.context;
    const { id: instanceId } = this.instance;
    const startedAt = clock.monotonic();
    try {
      const result = await client.pass(checkIdOf(instanceId), this.beatMs);
      if (result === 'forgotten') await this.rejoin();
      this.failures = 0;
    } catch (error) {
      this.failures++;
      observer.observe({ type: 'beat-failed', instanceId, error: toError(error), failures: this.failures });
    }
    this.scheduleBeat(Math.max(0, this.beatMs - (clock.monotonic() - startedAt)));
  }

  /** Consul forgot everybody at once, so nobody comes back at once. */
  private async rejoin(): Promise<void> {
    const { observer, random, scheduler } = this.context;
    const { signal } = this.stopping;
    await pause(scheduler, random.next() * Math.min(REJOIN_JITTER_MS, this.beatMs), signal);
    if (signal.aborted) return;
    await this.enrol();
    observer.observe({ type: 'registered', instanceId: this.instance.id, isRepeated: true });
  }

  private track<T>(work: Promise<T>): Promise<T> {
    this.inFlight = work.then(
      () => undefined,
      () => undefined,
    );
    return work;
  }
}
