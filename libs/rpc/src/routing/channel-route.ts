import type { Instance } from '@rookery/discovery';
import type { DomainError } from '@rookery/runtime';

import type { Pick } from '../balancing/balancer.js';
import type { ParkedCall } from '../client/provider-call.port.js';
import type { UnaryCallHost } from '../client/unary-call-host.port.js';
import type { CallRoute } from './call-route.port.js';

export type Eligible = (instance: Instance) => boolean;

/** A route among the instances of a channel that are eligible for the call. */
export abstract class ChannelRoute implements CallRoute {
  constructor(
    protected readonly host: UnaryCallHost,
    protected readonly eligible: Eligible | undefined,
  ) {}

  abstract pick(tried: readonly Instance[] | undefined, now: number): Pick | undefined;
  abstract wait(call: ParkedCall): void;
  abstract hasUntried(tried: readonly Instance[]): boolean;
  abstract unreachable(failure: DomainError | undefined): DomainError;

  pickNamed(id: string, now: number): Pick | undefined {
    const instance = this.host.owners.named(id);
    return instance === undefined || !this.isEligible(instance) ? undefined : this.host.pickOf(instance, now);
  }

  end(): void {}

  protected isEligible(instance: Instance): boolean {
    try {
      return this.eligible?.(instance) !== false;
    } catch {
      // `eligible` is the caller's code. What it throws is thrown at the caller when it comes to the pick.
      return false;
    }
  }
}
