import type { Instance } from '@rookery/discovery';

import type { CallStatus } from '../status/call-status.js';
import { StatusCode } from '../status/status-code.js';
import { MAX_REFUSED_ATTEMPTS, MAX_UNKNOWN_ATTEMPTS } from './call-options.js';
import type { UnaryCallHost } from './unary-call-host.port.js';

export interface RetryRights {
  /** Running it twice does no harm. */
  readonly isIdempotent: boolean;
  /** It is made on behalf of a call that is itself a retry. */
  readonly isChained: boolean;
  readonly eligible: ((instance: Instance) => boolean) | undefined;
}

/** What one call has tried, and whether it may try again. Made when its first attempt has failed. */
export class Retries {
  readonly tried: Instance[] = [];
  private refusals = 0;
  private unknowns = 0;

  constructor(
    private readonly host: UnaryCallHost,
    private readonly rights: RetryRights,
  ) {}

  /** Attempts that may have run. */
  get maybeRan(): number {
    return this.unknowns;
  }

  /** The pause in milliseconds before another attempt, or undefined when there must be none. */
  pauseAfter(status: CallStatus, instance: Instance): number | undefined {
    if (status.retryAfterMs !== undefined && status.retryAfterMs < 0) return undefined;
    if (!(status.isNotStarted ? this.mayGoElsewhere(status) : this.mayRunAgain(status))) return undefined;
    this.tried.push(instance);
    const hasUntried = this.host.hasUntried(this.tried, this.rights.eligible);
    if (status.isNotStarted) return hasUntried ? 0 : this.pauseBeforeSame(status);
    return status.retryAfterMs ?? (hasUntried ? 0 : this.backOffMs());
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
