import type { Instance } from '@rookery/discovery';

/**
 * One instance as a balancer sees it, and the ear for what became of the calls sent there. Picks are long-lived: the same
 * object is returned for each call to the instance, so that picking allocates nothing.
 */
export interface Pick {
  readonly instance: Instance;
  /** A call is about to be sent. Each `started` is followed by exactly one `ended`. */
  started(): void;
  /**
   * The call ended with a gRPC status code after `durationMs`; NaN when its duration is no latency, as of a stream. `now` is
   * the monotonic time where the caller has just read it: reading the clock is a good part of what a pick costs.
   */
  ended(code: number, durationMs: number, now?: number): void;
}

/** What one call asks of the choice. */
export interface PickRequest {
  /** Instances already tried for this call; taken only when nothing else is left. */
  readonly tried?: readonly Instance[];
  /** Instances that can serve this call; others are never returned. */
  readonly eligible?: (instance: Instance) => boolean;
}

/** Chooses an instance for one call. Immutable: a new state means a new picker. */
export interface Picker {
  /** Undefined when no eligible instance exists. `now` as in `ended`. */
  pick(request: PickRequest, now?: number): Pick | undefined;
  /**
   * The pick of an instance that was chosen without the balancer, so that it learns of the call all the same. Undefined when
   * the picker does not know exactly this description of it.
   */
  pickOf(instance: Instance, now?: number): Pick | undefined;
}

/**
 * Turns sets of instances into pickers. What it learned of an instance (same id and incarnation) survives `update`.
 * Knows nothing of transports.
 */
export abstract class Balancer {
  abstract update(instances: readonly Instance[]): Picker;
}

/** The key under which knowledge about an instance is kept. */
export function instanceKey(instance: Instance): string {
  return `${instance.id}/${instance.incarnation}`;
}
