import type { Instance } from '@rookery/discovery';
import type { RetryBudget } from '@rookery/resilience';
import type { Clock, Scheduler } from '@rookery/runtime';

import type { Pick, PickRequest } from '../balancing/balancer.js';
import type { CallObserver } from '../call-observer.port.js';
import type { DeadlineWheel } from '@rookery/resilience';
import type { ProviderConnection } from './provider-connection.js';
import type { ParkedCall } from './provider-call.port.js';

/** What a call in its pipeline needs of its channel. */
export interface UnaryCallHost {
  readonly service: string;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly wheel: DeadlineWheel;
  readonly retryBudget: RetryBudget;
  readonly observer: CallObserver;
  pick(request: PickRequest, now?: number): Pick | undefined;
  connectionTo(instance: Instance): ProviderConnection;
  /** Nothing can be picked: try the call again when that changes, or give it up. */
  park(call: ParkedCall): void;
  /** False when it was not parked. */
  unpark(call: ParkedCall): boolean;
  /** Whether a usable instance is left that is not among these, and is eligible where that matters. */
  hasUntried(tried: readonly Instance[], eligible: ((instance: Instance) => boolean) | undefined): boolean;
  backOffMs(retry: number): number;
}
