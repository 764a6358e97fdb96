import type { Instance } from '@rookery/discovery';
import type { DomainError } from '@rookery/runtime';

import type { Pick, PickRequest } from '../balancing/balancer.js';
import { wasTried } from '../balancing/instance-memory.js';
import { noProvider } from '../client/call-scope.mapper.js';
import type { ParkedCall } from '../client/provider-call.port.js';
import { ChannelRoute } from './channel-route.js';

const NO_WISHES: PickRequest = {};

/** To any usable instance, as the balancer says. Holds nothing of one call: calls that accept any instance share it. */
export class BalancedRoute extends ChannelRoute {
  pick(tried: readonly Instance[] | undefined, now: number): Pick | undefined {
    return this.host.pick(this.wishes(tried), now);
  }

  wait(call: ParkedCall): void {
    this.host.park(call);
  }

  hasUntried(tried: readonly Instance[]): boolean {
    return this.host.usable().some((instance) => !wasTried(instance, tried) && this.isEligible(instance));
  }

  unreachable(failure: DomainError | undefined): DomainError {
    return failure ?? noProvider(this.host.service);
  }

  private wishes(tried: readonly Instance[] | undefined): PickRequest {
    const { eligible } = this;
    if (tried === undefined) return eligible === undefined ? NO_WISHES : { eligible };
    return eligible === undefined ? { tried } : { tried, eligible };
  }
}
