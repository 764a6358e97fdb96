import type { Instance } from '@rookery/discovery';

import type { Pick } from '../balancing/balancer.js';
import { wasTried } from '../balancing/instance-memory.js';
import type { CallRoute } from '../routing/call-route.port.js';
import { ownerNamedBy } from '../routing/not-owner.js';
import type { CallStatus } from '../status/call-status.js';
import { StatusCode } from '../status/status-code.js';
import { MAX_REFUSED_ATTEMPTS, MAX_UNKNOWN_ATTEMPTS } from './call-options.js';
import type { UnaryCallHost } from './unary-call-host.port.js';

export interface RetryRights {
  /** Running it twice does no harm. */
  readonly isIdempotent: boolean;
  /** It is made on behalf of a call that is itself a retry. */
  readonly isChained: boolean;
  readonly route: CallRoute;
}

export interface NextAttempt {
  readonly pauseMs: number;
  /** Who is asked then; where undefined, the call's route says. */
  readonly owner: Pick | undefined;
}

/** What one call has tried, and whether it may try again. Made when its first attempt has failed. */
export class Retries {
  readonly tried: Instance[] = [];
  private refusals = 0;
  private unknowns = 0;
  private misses = 0;
  private isRedirected = false;

  constructor(
    private readonly host: UnaryCallHost,
    private readonly rights: RetryRights,
  ) {}

  /** Attempts that may have run. */
  get maybeRan(): number {
    return this.unknowns;
  }

  /** What follows the failure of an attempt at `instance`; undefined when nothing may. */
  after(status: CallStatus, instance: Instance, now: number): NextAttempt | undefined {
    const named = isForbidden(status) ? undefined : ownerNamedBy(status);
    if (named !== undefined) return this.afterRefusal(status, named, instance, now);
    const pauseMs = this.pauseAfter(status, instance);
    return pauseMs === undefined ? undefined : { pauseMs, owner: undefined };
  }

  /** The pause in milliseconds before another attempt, or undefined when there must be none. */
  pauseAfter(status: CallStatus, instance: Instance): number | undefined {
    if (isForbidden(status)) return undefined;
    if (!(status.isNotStarted ? this.mayGoElsewhere(status) : this.mayRunAgain(status))) return undefined;
    this.tried.push(instance);
    const hasUntried = this.rights.route.hasUntried(this.tried);
    if (status.isNotStarted) return hasUntried ? 0 : this.pauseBeforeSame(status);
    return status.retryAfterMs ?? (hasUntried ? 0 : this.backOffMs());
  }

  /**
   * Not the owner: the one that it names is asked at once, but never twice without a pause in between. Lists of instances
   * differ for a moment after each change, and nothing was begun, so the deadline alone ends this.
   */
  private afterRefusal({ retryAfterMs }: CallStatus, named: string, instance: Instance, now: number): NextAttempt {
    if (!wasTried(instance, this.tried)) this.tried.push(instance);
    const mayRedirect = !this.isRedirected && named !== instance.id;
    const owner = mayRedirect ? this.rights.route.pickNamed(named, now) : undefined;
    this.isRedirected = owner !== undefined;
    return { owner, pauseMs: owner !== undefined ? 0 : (retryAfterMs ?? this.host.backOffMs(++this.misses)) };
  }

  /** What one instance asks for, because it refused the call, binds no other; so this is for those that refused it. */
  private pauseBeforeSame(status: CallStatus): number | undefined {
    // Everybody is at the limit: whoever waits here only adds to the crowd. The caller learns it at once.
    if (status.code === StatusCode.RESOURCE_EXHAUSTED) return undefined;
    return status.retryAfterMs ?? this.backOffMs();
  }

  private backOffMs(): number {
    return this.host.backOffMs(this.refusals + this.unknowns);
  }

  private mayGoElsewhere({ code }: CallStatus): boolean {
    const isElsewhere = code === StatusCode.UNAVAILABLE || code === StatusCode.RESOURCE_EXHAUSTED;
    return isElsewhere && ++this.refusals < MAX_REFUSED_ATTEMPTS;
  }

  private mayRunAgain({ code }: CallStatus): boolean {
    if (code !== StatusCode.UNAVAILABLE || !this.rights.isIdempotent) return false;
    // Chain-stop: what serves a retry does not retry in turn, or three tiers of three attempts make 27 calls.
    if (this.rights.isChained || this.unknowns + 1 >= MAX_UNKNOWN_ATTEMPTS) return false;
    if (!this.host.retryBudget.withdraw()) return false;
    this.unknowns++;
    return true;
  }
}

function isForbidden({ retryAfterMs }: CallStatus): boolean {
  return retryAfterMs !== undefined && retryAfterMs < 0;
}
