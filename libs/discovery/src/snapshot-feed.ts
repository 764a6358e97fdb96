import type { Clock, Scheduler } from '@rookery/runtime';
import type { DiscoveryObserver } from './discovery-observer.port.js';
import { FanOut } from './fan-out.js';
import { addressesOf, compareText, type Instance, isSameInstance } from './instance.js';
import { LastKnownGood } from './last-known-good.js';
import type { Watch } from './resolver.js';
import type { Snapshot } from './snapshot.js';
import type { SnapshotStore } from './snapshot.store.js';

/** What a registry says about one service. */
export interface RegistryAnswer {
  /** Ids are unique. */
  readonly usable: readonly Instance[];
  /** Listed by the registry and failing its check. */
  readonly failing: readonly string[];
  /** Listed by the registry and taken out of rotation on purpose. */
  readonly outOfRotation: readonly string[];
}

/** What every feed stands on. */
export interface FeedOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly observer: DiscoveryObserver;
  readonly store: SnapshotStore | undefined;
  readonly graceMs: number;
  /** The last listener left. */
  readonly onUnused: () => void;
}

export interface SnapshotFeedOptions extends FeedOptions {
  readonly service: string;
}

/** Turns one service's answers and failures into the snapshots that `Snapshot` promises, for any number of listeners. */
export class SnapshotFeed {
  private readonly memory: LastKnownGood<Instance>;
  private readonly listeners: FanOut<Snapshot>;
  private readonly service: string;
  private current: Snapshot | undefined;
  private confirmedAt = 0;

  constructor(private readonly options: SnapshotFeedOptions) {
    const { service, scheduler, observer, graceMs, onUnused } = options;
    this.service = service;
    this.memory = new LastKnownGood({
      scheduler,
      graceMs,
      claimsOf: addressesOf,
      onExpired: () => this.publish('registry', this.current?.outOfRotation ?? []),
    });
    this.listeners = new FanOut((error) => observer.observe({ type: 'listener-failed', service, error }), onUnused);
  }

  subscribe(listener: (snapshot: Snapshot) => void): Watch {
    const known = this.current === undefined ? undefined : { ...this.current, confirmedAt: this.confirmedAt };
    return this.listeners.add(listener, known);
  }

  /** Whether this answer should be confirmed by a second, consistent read before `accept`. */
  isSuddenlyEmpty(answer: RegistryAnswer): boolean {
    return this.memory.isSuddenlyEmpty(answer.usable.length);
  }

  accept(answer: RegistryAnswer): void {
    const { observer, clock, store } = this.options;
    this.confirmedAt = clock.now();
    const gone = this.gone(answer);
    this.memory.accept(this.byId(answer.usable), gone);
    observer.observe({ type: 'confirmed', service: this.service, confirmedAt: this.confirmedAt });
    const isChanged = this.publish('registry', answer.outOfRotation);
    // A list that is still being put together again is no good memory for a cold start.
    const isWhole = this.memory.unconfirmed.length === 0;
    if (isWhole && this.current !== undefined)
      store?.saveSnapshot({ ...this.current, confirmedAt: this.confirmedAt }, isChanged);
  }

  /** The registry did not answer, or restarted. */
  interrupt(isAnswering = false): void {
    this.memory.interrupt();
    if (!isAnswering && this.current?.source === 'registry')
      this.publish('last-known-good', this.current.outOfRotation);
  }

  /** The registry failed at the question of another feed. */
  doubt(): void {
    this.memory.doubt();
  }

  /** What an earlier process remembered; ignored once anything better is known. */
  recall(saved: Snapshot | undefined): void {
    if (saved === undefined || this.current !== undefined) return;
    this.confirmedAt = saved.confirmedAt;
    this.memory.recall(this.byId(saved.instances));
    this.publish('disk', saved.outOfRotation);
  }

  close(): void {
    this.memory.close();
    this.listeners.clear();
  }

  /**
   * Missing beyond doubt: what is out of rotation. And when nothing usable is left while the registry lists instances as
   * failing, it may be the registry that stood still: those failing are kept for a grace, the others are gone.
   */
  private gone(answer: RegistryAnswer): readonly string[] {
    if (!this.isSuddenlyEmpty(answer) || answer.failing.length === 0) return answer.outOfRotation;
    this.memory.interrupt();
    const failing = new Set(answer.failing);
    return [...this.memory.items.keys()].filter((id) => !failing.has(id));
  }

  /** Keeps the object of an instance that did not change, so that consumers may compare by identity. */
  private byId(instances: readonly Instance[]): ReadonlyMap<string, Instance> {
    const known = this.memory.items;
    return new Map(
      instances.map((instance) => {
        const previous = known.get(instance.id);
        return [instance.id, previous !== undefined && isSameInstance(previous, instance) ? previous : instance];
      }),
    );
  }

  private publish(source: Snapshot['source'], outOfRotation: readonly string[]): boolean {
    const snapshot: Snapshot = {
      service: this.service,
      instances: [...this.memory.items.values()].sort((one, other) => compareText(one.id, other.id)),
      outOfRotation: [...outOfRotation].sort(),
      unconfirmed: source === 'registry' ? [...this.memory.unconfirmed].sort() : [],
      confirmedAt: this.confirmedAt,
      source,
    };
    if (this.current !== undefined && isSameSnapshot(this.current, snapshot)) return false;
    this.current = snapshot;
    this.options.observer.observe({ type: 'snapshot-changed', snapshot });
    this.listeners.publish(snapshot);
    return true;
  }
}

function isSameSnapshot(one: Snapshot, other: Snapshot): boolean {
  return (
    one.source === other.source &&
    one.instances.length === other.instances.length &&
    one.instances.every((instance, index) => instance === other.instances[index]) &&
    isSameList(one.outOfRotation, other.outOfRotation) &&
    isSameList(one.unconfirmed ?? [], other.unconfirmed ?? [])
  );
}

/** Equal texts in equal order. */
export function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}
