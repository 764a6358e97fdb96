import type {
  Decider,
  Directive,
  Failure,
  SupervisedChild,
  SupervisionStrategy,
  SupervisorView,
} from './supervision.js';

export interface RestartLimit {
  /** Failures that a restart answers, within the window; the next one stops the child. 0 stops at the first. Default 10. */
  readonly maxRestarts?: number;
  /** Length of the window, above 0. Infinity counts for ever. Default 10 000. */
  readonly withinMs?: number;
  /** Default: restart, whatever the error. */
  readonly decide?: Decider;
}

export interface BackOffLimit {
  /** Pause before the first restart; it doubles with each failure. Default 100. */
  readonly minMs?: number;
  /** No pause is longer, but for the jitter. Default 30 000. */
  readonly maxMs?: number;
  /** Up to this part of the pause is added by chance, so that siblings do not come back together. Default 0.2. */
  readonly jitter?: number;
  /** A child that has not failed for this long is as good as new. Default 60 000. */
  readonly resetAfterMs?: number;
  /** Restarts in a row before the child is stopped. Default: no limit. */
  readonly maxRestarts?: number;
  readonly decide?: Decider;
}

const restartAlways: Decider = () => 'restart';

/** Each child for itself. The default strategy, with its default limit. */
export function oneForOne(limit: RestartLimit = {}): SupervisionStrategy {
  return new GroupStrategy(limit, (child) => [child]);
}

/** A failure that restarts or stops one child restarts or stops all. Resuming concerns the failed one alone. */
export function allForOne(limit: RestartLimit = {}): SupervisionStrategy {
  return new GroupStrategy(limit, (_child, children) => children);
}

/** A failure that restarts or stops one child does the same to those that were spawned after it. */
export function restForOne(limit: RestartLimit = {}): SupervisionStrategy {
  return new GroupStrategy(limit, (child, children) => children.slice(children.indexOf(child)));
}

/** Each child for itself, with a growing pause before each restart. */
export function exponentialBackOff(limit: BackOffLimit = {}): SupervisionStrategy {
  return new BackOffStrategy(limit);
}

class GroupStrategy implements SupervisionStrategy {
  private readonly maxRestarts: number;
  private readonly withinMs: number;
  private readonly decide: Decider;

  constructor(
    { maxRestarts = 10, withinMs = 10_000, decide = restartAlways }: RestartLimit,
    private readonly affected: (
      child: SupervisedChild,
      children: readonly SupervisedChild[],
    ) => readonly SupervisedChild[],
  ) {
    checkAtLeastZero({ maxRestarts });
    if (!(withinMs > 0)) throw new RangeError(`withinMs is above 0, or Infinity to count for ever, not ${withinMs}`);
    this.maxRestarts = maxRestarts;
    this.withinMs = withinMs;
    this.decide = decide;
  }

  handle(failure: Failure, child: SupervisedChild, view: SupervisorView, decide = this.decide): void {
    const directive = this.limited(decide(failure), child, view);
    if (directive === 'resume') return view.resume(child);
    if (directive === 'escalate') return view.escalate(child);
    for (const one of this.affected(child, view.children)) {
      if (directive === 'restart') view.restart(one);
      else view.stop(one);
    }
  }

  private limited(directive: Directive, { statistics }: SupervisedChild, { clock }: SupervisorView): Directive {
    if (directive !== 'restart') return directive;
    if (statistics.add(clock.monotonic(), this.withinMs) <= this.maxRestarts) return 'restart';
    statistics.forget();
    return 'stop';
  }
}

class BackOffStrategy implements SupervisionStrategy {
  private readonly limit: Required<BackOffLimit>;

  constructor(limit: BackOffLimit) {
    const defaults = { minMs: 100, maxMs: 30_000, jitter: 0.2, resetAfterMs: 60_000, maxRestarts: Infinity };
    this.limit = { ...defaults, decide: restartAlways, ...limit };
    const { decide: _decide, ...numbers } = this.limit;
    checkAtLeastZero(numbers);
  }

  handle(failure: Failure, child: SupervisedChild, view: SupervisorView, decide = this.limit.decide): void {
    const directive = decide(failure);
    if (directive === 'resume') return view.resume(child);
    if (directive === 'escalate') return view.escalate(child);
    if (directive === 'stop') return view.stop(child);
    const failures = this.countInRow(child, view);
    if (failures > this.limit.maxRestarts) return view.stop(child);
    view.restart(child, this.pauseMs(failures, view));
  }

  private countInRow({ statistics }: SupervisedChild, { clock }: SupervisorView): number {
    const now = clock.monotonic();
    const { lastFailedAt } = statistics;
    if (lastFailedAt !== undefined && now - lastFailedAt >= this.limit.resetAfterMs) statistics.forget();
    return statistics.add(now, Infinity);
  }

  private pauseMs(failures: number, { random }: SupervisorView): number {
    const { jitter, maxMs, minMs } = this.limit;
    const doubled = Math.min(maxMs, minMs * 2 ** Math.min(52, failures - 1));
    return doubled * (1 + jitter * random.next());
  }
}

function checkAtLeastZero(limits: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(limits)) {
    if (!(value >= 0)) throw new RangeError(`${name} is at least 0, not ${value}`);
  }
}
