import { type BackOffOptions, fullJitter } from '@rookery/resilience';
import { type Cancellable, type Clock, DomainError, pause, type Random, type Scheduler } from '@rookery/runtime';
import type { DiscoveryObserver } from '../discovery-observer.port.js';
import { toError } from '../to-error.js';
import type { Instance } from '../instance.js';
import type { ConsulClient } from './consul.client.js';
import { toRegistration } from './instance.mapper.js';
import type { LivenessCheck } from './liveness-check.js';
import { isInMaintenance } from './maintenance.js';
import { QueryPace } from './query-pace.js';

/** Nobody is registered yet who could be missed, so the first tries may come fast. */
const BACK_OFF: BackOffOptions = { baseMs: 250, capMs: 5_000 };

/** Everybody finds out within one beat that Consul forgot; this much spreads them, and callers hardly notice. */
const REJOIN_JITTER_MS = 2_000;

/** Between the agent's yes and the catalogue lie milliseconds; a catalogue that lacks us for longer is a failure. */
const LISTING_MS = 5_000;

/** How long Consul may hold the question whether it lists us. */
const LISTING_WAIT_MS = 1_000;

export interface RegistrationContext {
  readonly client: ConsulClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly observer: DiscoveryObserver;
  readonly check: LivenessCheck;
}

/**
 * One instance's place in Consul: taken, kept by beats, taken again when Consul forgot. What it asks of the agent it asks
 * one after the other, so that nothing old overtakes anything new.
 */
export class Registration {
  private readonly stopping = new AbortController();
  private readonly checkId: string;
  private maintenance: string | undefined;
  /** False while the agent may hold half of what it should. */
  private isEnrolled = false;
  /** As the agent saw us last. */
  private wasPassing = false;
  private nextBeat: Cancellable | undefined;
  private queue: Promise<unknown> = Promise.resolve();
  private failures = 0;

  constructor(
    private readonly instance: Instance,
    private readonly context: RegistrationContext,
  ) {
    this.checkId = context.check.idOf(instance.id);
  }

  /**
   * Resolves when the catalogue lists the instance as usable, or as out of rotation by somebody's will, and beats from then
   * on. Rejects when `signal` aborts.
   */
  async start(signal: AbortSignal): Promise<void> {
    const { random, scheduler } = this.context;
    const ended = AbortSignal.any([signal, this.stopping.signal]);
    while (!ended.aborted) {
      if (await this.tryToEnter(ended)) return;
      await pause(scheduler, fullJitter(this.failures, BACK_OFF, random), ended);
    }
    await this.stop();
    const message = `${this.instance.id}: the registration was given up before the registry accepted it`;
    throw new DomainError('REGISTRATION_ABORTED', message, { kind: 'cancelled' });
  }

  /** When it rejects, the next beat takes over what the agent then says. */
  async setMaintenance(isInMaintenance: boolean, reason: string, timeoutMs: number): Promise<void> {
    const { client } = this.context;
    await this.inTurn(async () => {
      const before = this.maintenance;
      this.maintenance = isInMaintenance ? reason : undefined;
      try {
        const result = await client.setMaintenance(this.instance.id, isInMaintenance, reason, timeoutMs);
        if (result === 'forgotten') await this.enrol();
      } catch (error) {
        this.maintenance = before;
        throw error;
      }
    });
  }

  /** Whether somebody else has registered under our id: what the agent holds there is not ours to take back. */
  async isReplaced(timeoutMs: number): Promise<boolean> {
    const held = await this.context.client.held(this.instance.id, timeoutMs);
    return held !== undefined && held.incarnation !== this.instance.incarnation;
  }

  /** No request of this registration is on its way afterwards, so none can overtake a deregistration. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.nextBeat?.cancel();
    await this.queue;
  }

  private async tryToEnter(ended: AbortSignal): Promise<boolean> {
    const { check, observer } = this.context;
    const { id: instanceId } = this.instance;
    try {
      await this.inTurn(() => this.enrol());
      await this.listed(ended);
      if (ended.aborted) return false;
      this.failures = 0;
      observer.observe({ type: 'registered', instanceId, isRepeated: false });
      this.scheduleBeat(check.beatMs);
      return true;
    } catch (error) {
      this.failures++;
      if (!ended.aborted) {
        observer.observe({ type: 'registration-failed', instanceId, error: toError(error), failures: this.failures });
      }
      return false;
    }
  }

  private async enrol(): Promise<void> {
    const { check, client } = this.context;
    const { id } = this.instance;
    this.isEnrolled = false;
    if (this.maintenance !== undefined) await this.enterOutOfRotation(this.maintenance);
    await client.register(toRegistration(this.instance, check.define(this.instance, this.wasPassing)), check.beatMs);
    await client.removeCheck(check.staleIdOf(id), check.beatMs);
    // A check is failing when it is new, and as it was when the agent holds it from an earlier run. Who is out of rotation
    // leaves it so until the next beat, for the agent may tell of two changes in either order.
    if (check.isRenewedByBeats && this.maintenance === undefined) await client.pass(this.checkId, check.beatMs);
    this.isEnrolled = true;
  }

  /** Behind a check that nobody passes, so that no caller sees us before we are out of rotation. */
  private async enterOutOfRotation(reason: string): Promise<void> {
    const { check, client } = this.context;
    const { id } = this.instance;
    await client.register(toRegistration(this.instance, check.defineFailing(this.instance)), check.beatMs);
    const result = await client.setMaintenance(id, true, reason, check.beatMs);
    if (result === 'done') return;
    const message = `${id}: the agent forgot the registration as soon as it had accepted it`;
    throw new DomainError('REGISTRATION_UNLISTED', message, { kind: 'unavailable' });
  }

  /** Waits until consumers would see us. */
  private async listed(signal: AbortSignal): Promise<void> {
    const { check, client, clock, scheduler } = this.context;
    const { id, service, incarnation } = this.instance;
    const pace = new QueryPace(clock);
    const until = clock.monotonic() + LISTING_MS + check.verdictMs;
    for (let index = 0; !signal.aborted;) {
      await pause(scheduler, pace.take(), signal);
      const answer = await client.serviceEntries(service, { index, waitMs: LISTING_WAIT_MS, signal });
      const entry = answer.content.find(
        ({ Service }) => Service.ID === id && (Service.Meta?.['incarnation'] ?? '') === incarnation,
      );
      const isPassing = entry?.Checks.every(({ Status }) => Status === 'passing') === true;
      if (isPassing || (entry !== undefined && isInMaintenance(entry.Checks))) return;
      if (clock.monotonic() >= until) break;
      index = Math.max(1, answer.index);
    }
    const message = `${id}: the agent accepted the registration, but the catalogue does not list it as passing`;
    throw new DomainError('REGISTRATION_UNLISTED', message, { kind: 'unavailable' });
  }

  private scheduleBeat(delayMs: number): void {
    if (this.stopping.signal.aborted) return;
    this.nextBeat = this.context.scheduler.timer(delayMs, () => void this.inTurn(() => this.beat()));
  }

  private async beat(): Promise<void> {
    const { check, clock, observer } = this.context;
    const { id: instanceId } = this.instance;
    const startedAt = clock.monotonic();
    try {
      await this.renew();
      this.failures = 0;
    } catch (error) {
      this.failures++;
      observer.observe({ type: 'beat-failed', instanceId, error: toError(error), failures: this.failures });
    }
    this.scheduleBeat(Math.max(0, check.beatMs - (clock.monotonic() - startedAt)));
  }

  private async renew(): Promise<void> {
    const { check, client } = this.context;
    const { id, incarnation } = this.instance;
    const held = await client.held(id, check.beatMs);
    const isPassing = held?.checks.get(this.checkId);
    if (held === undefined || isPassing === undefined || !this.isEnrolled) return this.rejoin();
    if (held.incarnation !== incarnation) {
      const message = `${id}: another process has registered under this id; this one is not listed until that one leaves`;
      throw new DomainError('INSTANCE_ID_TAKEN', message, { kind: 'already-exists' });
    }
    this.maintenance = held.maintenance;
    this.wasPassing = isPassing;
    if (check.isRenewedByBeats) await client.pass(this.checkId, check.beatMs);
  }

  /** Consul forgot everybody at once, so nobody comes back at once. */
  private async rejoin(): Promise<void> {
    const { check, observer, random, scheduler } = this.context;
    const { signal } = this.stopping;
    await pause(scheduler, random.next() * Math.min(REJOIN_JITTER_MS, check.beatMs), signal);
    if (signal.aborted) return;
    await this.enrol();
    observer.observe({ type: 'registered', instanceId: this.instance.id, isRepeated: true });
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.queue.then(work);
    this.queue = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }
}
