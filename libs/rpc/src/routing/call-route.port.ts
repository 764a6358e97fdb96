import type { Instance } from '@rookery/discovery';
import type { DomainError } from '@rookery/runtime';

import type { Pick } from '../balancing/balancer.js';
import type { ParkedCall } from '../client/provider-call.port.js';

/** Where the attempts of one call may go. */
export interface CallRoute {
  /** Undefined when nobody can be asked now. Throws what the caller's own code throws. */
  pick(tried: readonly Instance[] | undefined, now: number): Pick | undefined;
  /** The way to an instance that another one named, if it is usable from here. */
  pickNamed(id: string, now: number): Pick | undefined;
  /** Nobody could be picked: the call is tried again when that may have changed, or given up. */
  wait(call: ParkedCall): void;
  /** Whether another attempt would ask somebody new. */
  hasUntried(tried: readonly Instance[]): boolean;
  /** Why nobody could be asked, or not again after `failure`. */
  unreachable(failure: DomainError | undefined): DomainError;
  /** The call is over. */
  end(): void;
}
