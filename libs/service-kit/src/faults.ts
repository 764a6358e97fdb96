import { DomainError, type Random, type Scheduler } from '@rookery/runtime';

export interface FaultPlan {
  /** Delay before each call is handled. */
  readonly delayMs: number;
  /** Share of calls, 0 to 1, that are refused instead of handled. */
  readonly errorRate: number;
}

/** Makes calls slow or failing on purpose, to see what callers, monitor and people make of it. */
export class Faults {
  constructor(
    private current: FaultPlan,
    private readonly random: Random,
    private readonly scheduler: Scheduler,
  ) {}

  get plan(): FaultPlan {
    return this.current;
  }

  /** Throws DomainError FAULTS_INVALID. What is left out stays as it is. */
  change(wish: { readonly delayMs?: unknown; readonly errorRate?: unknown }): FaultPlan {
    const { delayMs = this.current.delayMs, errorRate = this.current.errorRate } = wish;
    this.current = {
      delayMs: bounded('delayMs', delayMs, 60_000),
      errorRate: bounded('errorRate', errorRate, 1),
    };
    return this.current;
  }

  /** Takes as long as the plan says; rejects with DomainError FAULT_INJECTED where it says so. */
  async suffer(): Promise<void> {
    const { delayMs, errorRate } = this.current;
    if (delayMs > 0) await new Promise<void>((resolve) => this.scheduler.timer(delayMs, resolve));
    if (errorRate > 0 && this.random.next() < errorRate) {
      throw new DomainError('FAULT_INJECTED', 'this call fails on purpose: fault injection is on', {
        kind: 'unavailable',
      });
    }
  }
}

function bounded(name: string, value: unknown, max: number): number {
  if (typeof value === 'number' && value >= 0 && value <= max) return value;
  throw new DomainError('FAULTS_INVALID', `${name} must be a number from 0 to ${max}`, {
    kind: 'invalid-argument',
    violations: [{ field: name, description: `must be a number from 0 to ${max}` }],
  });
}
