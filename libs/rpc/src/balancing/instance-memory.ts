import type { Instance } from '@rookery/discovery';
import type { Clock } from '@rookery/runtime';
import { instanceKey } from './balancer.js';

/** What a balancer keeps about one instance. `instance` is replaced by what the newest snapshot says of it. */
export interface Remembered {
  instance: Instance;
}

// Longer than a flap of the registry or a restart of a link, far shorter than a day of rolling upgrades.
const FORGET_AFTER_MS = 60_000;

/**
 * Keeps what is known of instances from one snapshot to the next, by id and incarnation. An instance that is gone is
 * remembered for 60 s, in case that it comes back, and dropped by the first update after that.
 */
export class InstanceMemory<State extends Remembered> {
  private readonly states = new Map<string, State>();
  private readonly goneSince = new Map<string, number>();

  /** `meet` makes the state of an instance not seen before, given the states of those that stay. */
  constructor(
    private readonly clock: Clock,
    private readonly meet: (instance: Instance, staying: readonly State[]) => State,
  ) {}

  /** The states of `instances` in their order, each once. */
  update(instances: readonly Instance[]): readonly State[] {
    const present = new Map(instances.map((instance) => [instanceKey(instance), instance]));
    this.forget(present);
    const staying = [...present.keys()].flatMap((key) => this.states.get(key) ?? []);
    return [...present].map(([key, instance]) => {
      const known = this.states.get(key);
      if (known !== undefined) {
        known.instance = instance;
        return known;
      }
      const met = this.meet(instance, staying);
      this.states.set(key, met);
      return met;
    });
  }

  private forget(present: ReadonlyMap<string, Instance>): void {
    const now = this.clock.monotonic();
    for (const key of this.states.keys()) {
      if (present.has(key)) {
        this.goneSince.delete(key);
        continue;
      }
      const since = this.goneSince.get(key) ?? now;
      this.goneSince.set(key, since);
      if (now - since < FORGET_AFTER_MS) continue;
      this.states.delete(key);
      this.goneSince.delete(key);
    }
  }
}

/** The state of an instance, told by its description in the newest snapshot. */
export function stateOf<State extends Remembered>(states: readonly State[], instance: Instance): State | undefined {
  for (const state of states) if (state.instance === instance) return state;
  return undefined;
}

/** The static weight of an instance; what is no weight counts as the smallest. */
export function weightOf(instance: Instance): number {
  return instance.weight > 0 ? instance.weight : 1;
}

/** Whether `instance` is among those already tried. By id and incarnation: a snapshot may have come in between. */
export function wasTried(instance: Instance, tried: readonly Instance[] | undefined): boolean {
  if (tried === undefined) return false;
  for (const other of tried) {
    if (other === instance || (other.id === instance.id && other.incarnation === instance.incarnation)) return true;
  }
  return false;
}
