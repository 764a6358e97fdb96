import type { Instance } from '@rookery/discovery';
import type { DeadlineWheel, RetryBudget } from '@rookery/resilience';
import type { Clock, Scheduler } from '@rookery/runtime';

import type { Pick, PickRequest } from '../balancing/balancer.js';
import type { CallObserver } from '../call-observer.port.js';
import type { CallRoute } from '../routing/call-route.port.js';
import type { Owners } from '../routing/owners.js';
import type { ParkedCall } from './provider-call.port.js';
import type { ProviderConnection } from './provider-connection.js';

/** What a call in its pipeline needs of its channel. */
export interface UnaryCallHost {
  readonly service: string;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly wheel: DeadlineWheel;
  readonly retryBudget: RetryBudget;
  readonly observer: CallObserver;
  readonly owners: Owners;
  /** The route of calls that go to any instance. */
  readonly anywhere: CallRoute;
  pick(request: PickRequest, now?: number): Pick | undefined;
  /** Undefined while that instance is not usable. */
  pickOf(instance: Instance, now: number): Pick | undefined;
  connectionTo(instance: Instance): ProviderConnection;
  usable(): readonly Instance[];
  /** Nothing can be picked: try the call again when that changes, or give it up when `isWorthIt` is not so. */
  park(call: ParkedCall, isWorthIt?: boolean): void;
  /** False when it was not parked. */
  unpark(call: ParkedCall): boolean;
  backOffMs(retry: number): number;
}
