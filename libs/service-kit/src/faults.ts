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

  /** Throws DomainError FAULTS_INVALID for anything but an object with one or both of the plan's keys. What is left out stays as it is. */
  change(wish: unknown): FaultPlan {
    if (!isPlain(wish) || Object.keys(wish).length === 0) throw invalid('', `send ${ALLOWED}`);
    for (const key of Object.keys(wish)) {
      if (!Object.hasOwn(this.current, key)) throw invalid(key.slice(0, 100), `is not known: send ${ALLOWED}`);
    }
    const { delayMs, errorRate } = { ...this.current, ...wish };
    this.current = { delayMs: bounded('delayMs', delayMs, 60_000), errorRate: bounded('errorRate', errorRate, 1) };
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

const ALLOWED = 'a JSON object with delayMs (0 to 60000), errorRate (0 to 1) or both, as application/json';

function isPlain(wish: unknown): wish is Readonly<Record<string, unknown>> {
  return typeof wish === 'object' && wish !== null && !Array.isArray(wish);
}

function bounded(name: string, value: unknown, max: number): number {
  if (typeof value === 'number' && value >= 0 && value <= max) return value;
  throw invalid(name, `must be a number from 0 to ${max}`);
}

function invalid(field: string, description: string): DomainError {
  return new DomainError('FAULTS_INVALID', `${field} ${description}`.trimStart(), {
    kind: 'invalid-argument',
    violations: [{ field, description }],
  });
}
