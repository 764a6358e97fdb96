import type { Instance } from '@rookery/discovery';
import { type Cancellable, DomainError } from '@rookery/runtime';

import type { Pick } from '../balancing/balancer.js';
import { wasTried } from '../balancing/instance-memory.js';
import { noProvider } from '../client/call-scope.mapper.js';
import type { ParkedCall } from '../client/provider-call.port.js';
import type { UnaryCallHost } from '../client/unary-call-host.port.js';
import { ChannelRoute, type Eligible } from './channel-route.js';

/** How long a call waits for the connection to the owner, within its deadline. */
const PATIENCE_MS = 2000;

/**
 * To the instance that owns what the call is for, whatever the balancer thinks of it: nobody else can answer. While it
 * cannot be reached the call waits, and goes to the next owner if there is one meanwhile.
 */
export class OwnerRoute extends ChannelRoute {
  private patience: Cancellable | undefined;

  constructor(
    host: UnaryCallHost,
    eligible: Eligible | undefined,
    private readonly kind: string,
    private readonly identity: string,
  ) {
    super(host, eligible);
  }

  pick(_tried: readonly Instance[] | undefined, now: number): Pick | undefined {
    const owner = this.owner();
    if (owner === undefined || this.eligible?.(owner) === false) return undefined;
    const pick = this.host.pickOf(owner, now);
    if (pick !== undefined) this.end();
    return pick;
  }

  wait(call: ParkedCall): void {
    const owner = this.owner();
    if (owner === undefined) return this.host.park(call);
    // An older version of the service, say: no patience makes it another.
    if (!this.isEligible(owner)) return call.giveUp();
    this.patience ??= this.host.scheduler.timer(PATIENCE_MS, () => {
      this.host.unpark(call);
      call.giveUp();
    });
    this.host.park(call, true);
  }

  hasUntried(tried: readonly Instance[]): boolean {
    const owner = this.owner();
    return owner !== undefined && !wasTried(owner, tried);
  }

  unreachable(failure: DomainError | undefined): DomainError {
    const { service } = this.host;
    const owner = this.owner();
    if (owner === undefined) return failure ?? noProvider(service);
    const lack = this.isEligible(owner) ? 'cannot be reached' : 'does not serve this call';
    const message = `${owner.id}, which owns ${this.kind}/${this.identity}, ${lack}`;
    const metadata = { service, owner: owner.id };
    return new DomainError('NO_PROVIDER', message, {
      kind: 'unavailable',
      retryAfterMs: 1000,
      metadata,
      cause: failure,
    });
  }

  override end(): void {
    this.patience?.cancel();
    this.patience = undefined;
  }

  private owner(): Instance | undefined {
    return this.host.owners.ownerOf(this.kind, this.identity);
  }
}
