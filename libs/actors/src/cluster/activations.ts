import type { ActorContext } from '../local/actor.js';
import { stopTimeout } from '../local/errors.js';
import type { AnyPid, Pid } from '../local/pid.js';
import { Props } from '../local/props.js';
import { Activation } from './activation.actor.js';
import { activationName } from './activation-name.js';
import type { RefusalReason } from './cluster-observer.port.js';
import type { GrainKind } from './grain-kind.js';
import type { ActivationEnds, GrainAnswer, GrainsMessage, Invoke } from './grain-messages.js';
import { grainKey, GrainPlace } from './grain-place.js';
import type { GrainsParts } from './grains-parts.js';
import { ParkingLot } from './parking-lot.js';

type Parking = Exclude<RefusalReason, 'not-owner'>;

/** The grains that are active in a process, and those that calls wait for. Whose they are it does not ask. */
export class Activations {
  /** Those that wait, or end. */
  readonly restless = new Set<GrainPlace>();
  private readonly places = new Map<string, GrainPlace>();
  /** By path, which the activation holds anyway. */
  private readonly byPath = new Map<string, GrainPlace>();
  private readonly lot: ParkingLot;

  constructor(
    private readonly parts: GrainsParts,
    private readonly context: ActorContext<GrainsMessage>,
  ) {
    this.lot = new ParkingLot(parts.limits);
  }

  /** How many activations there are. */
  get size(): number {
    return this.byPath.size;
  }

  all(): Iterable<GrainPlace> {
    return this.places.values();
  }

  find(kind: string, identity: string): GrainPlace | undefined {
    return this.places.get(grainKey(kind, identity));
  }

  /** Passes the call at hand on, or lets it wait. Answers with the place when it is new: somebody has to start it. */
  call(kind: GrainKind, identity: string, invoke: Invoke): GrainPlace | undefined {
    const known = this.find(kind.name, identity);
    if (known?.takesCalls === true) {
      this.context.forward(known.pid as Pid<Invoke>, invoke);
      return undefined;
    }
    const place = known ?? new GrainPlace(grainKey(kind.name, identity), kind, identity);
    const { headers, sender } = this.context;
    const since = this.parts.core.clock.monotonic();
    if (!this.lot.park(place.parked, { invoke, sender, headers, since })) {
      this.refuse(place, sender, 'parked-too-many');
      return undefined;
    }
    this.places.set(place.key, place);
    this.restless.add(place);
    return known === undefined ? place : undefined;
  }

  /** Activates the grain for the calls that wait. */
  start(place: GrainPlace): void {
    const { carrier, clock } = this.parts.core;
    const { isAwake, observer } = this.parts;
    const { identity, key, kind } = place;
    const report = (self: AnyPid, error: unknown): void => this.parts.core.reportError(self, error, 'Started');
    const parts = { key, kind, identity, clock, carrier, isAwake, observer, report };
    const props = Props.fromProducer(() => new Activation(parts));
    const pid = this.context.spawnNamed(props, activationName(kind.name, identity));
    this.context.watch(pid);
    place.pid = pid;
    this.byPath.set(pid.id, place);
    this.count(kind, 1);
    this.restless.delete(place);
    for (const { headers, invoke, sender } of this.lot.takeAll(place.parked)) {
      this.parts.core.deliver(pid, invoke, sender, headers);
    }
  }

  /** Lets the activation handle what it has, and ends it. Calls that come meanwhile wait. */
  end(place: GrainPlace, reason: GrainPlace['endsFor']): void {
    if (place.pid === undefined || place.endsFor !== undefined) return;
    place.endsFor = reason;
    place.dueAt = this.parts.core.clock.monotonic() + this.parts.limits.drainMs;
    this.restless.add(place);
    this.context.poison(place.pid);
  }

  announced({ key, reason }: ActivationEnds, sender: AnyPid | undefined): void {
    const place = this.places.get(key);
    // An earlier activation may say so late.
    if (sender !== undefined && place?.pid?.equals(sender) === true) this.end(place, reason);
  }

  /** An activation has ended. The place stays as long as calls wait for it: somebody has to start it then. */
  ended(who: AnyPid): GrainPlace | undefined {
    const place = this.byPath.get(who.id);
    if (place?.pid?.equals(who) !== true) return undefined;
    this.byPath.delete(who.id);
    this.count(place.kind, -1);
    this.parts.observer.passivated(place.kind.name, place.endsFor ?? 'crashed');
    place.pid = undefined;
    place.endsFor = undefined;
    place.dueAt = Infinity;
    place.isStopped = false;
    this.forgetIfEmpty(place);
    return place;
  }

  /** Answers all calls that wait. */
  dismiss(place: GrainPlace, answer: GrainAnswer): void {
    for (const { sender } of this.lot.takeAll(place.parked)) {
      this.parts.observer.refused(place.kind.name, 'not-owner');
      if (sender !== undefined) this.context.tell(sender, answer);
    }
    this.forgetIfEmpty(place);
  }

  tick(): void {
    const now = this.parts.core.clock.monotonic();
    for (const place of [...this.restless]) {
      if (place.pid !== undefined && place.dueAt <= now) this.hurry(place, place.pid, now);
      for (const { sender } of this.lot.takeLate(place.parked, now)) this.refuse(place, sender, 'parked-too-long');
      this.forgetIfEmpty(place);
    }
  }

  /** An activation whose code waits for what never comes must not keep its grain from everybody for good. */
  private hurry(place: GrainPlace, pid: AnyPid, now: number): void {
    const { core, limits } = this.parts;
    if (!place.isStopped) {
      place.isStopped = true;
      place.dueAt = now + limits.drainMs;
      return this.context.stop(pid);
    }
    place.dueAt = Infinity;
    core.reportError(pid, stopTimeout([{ pid }], limits.drainMs), 'Stopping');
    const cell = core.book.cells.get(pid.id);
    if (cell?.pid.equals(pid) === true) cell.abandon();
  }

  private count({ name }: GrainKind, change: number): void {
    this.parts.counts.set(name, (this.parts.counts.get(name) ?? 0) + change);
  }

  private forgetIfEmpty(place: GrainPlace): void {
    if (place.pid !== undefined || place.parked.length > 0) return;
    this.restless.delete(place);
    this.places.delete(place.key);
  }

  private refuse({ key, kind }: GrainPlace, sender: Pid | undefined, reason: Parking): void {
    this.parts.observer.refused(kind.name, reason);
    if (sender === undefined) return;
    const code = reason === 'parked-too-many' ? 'GRAIN_BUSY' : 'HAND_OVER_PENDING';
    const message = `${key} is being handed over, and ${WAITS[reason]}`;
    this.context.tell<GrainAnswer>(sender, { type: '$GrainNotStarted', code, message });
  }
}

const WAITS: Readonly<Record<Parking, string>> = {
  'parked-too-many': 'too many calls wait for it already',
  'parked-too-long': 'the call has waited for as long as it may',
};
