import type { Clock, Random } from '@rookery/runtime';
import type { CellHost } from './cell-host.js';
import type { AnyPid } from './pid.js';
import type { Child } from './process.js';
import {
  type Directive,
  type Failure,
  type SupervisedChild,
  SupervisionEvent,
  type SupervisionStrategy,
  type SupervisorView,
} from './supervision.js';
import { STOP } from './system-messages.js';

/** Who decides: an actor or the root. */
export interface Supervisor {
  readonly pid: AnyPid | undefined;
  readonly childSet: ReadonlySet<Child>;
  readonly strategy: SupervisionStrategy;
  /** The supervising actor's own opinion; undefined leaves the decision to the strategy. */
  opinionOf(failure: Failure): Directive | undefined;
  /** Fails the supervisor with what failed its child. */
  escalate(child: Child, failure: Failure): void;
}

/**
 * Lets the supervisor's strategy answer the failure. One that throws escalates: a supervisor that cannot decide has failed
 * itself. A child that was given a directive since, such as its siblings', has been answered already.
 */
export function superviseFailure(host: CellHost, supervisor: Supervisor, child: Child, failure: Failure): void {
  if (!supervisor.childSet.has(child) || !child.isFailed) return;
  host.reportFailure(child.pid, failure.error, failure.message);
  const view = new View(host, supervisor, failure);
  try {
    const own = supervisor.opinionOf(failure);
    supervisor.strategy.handle(failure, child, view, own === undefined ? undefined : () => own);
  } catch (error) {
    host.reportError(supervisor.pid ?? child.pid, error, failure.message);
    view.escalate(child);
  }
}

class View implements SupervisorView {
  constructor(
    private readonly host: CellHost,
    private readonly supervisor: Supervisor,
    private readonly failure: Failure,
  ) {}

  get clock(): Clock {
    return this.host.clock;
  }

  get random(): Random {
    return this.host.random;
  }

  get children(): readonly Child[] {
    return [...this.supervisor.childSet];
  }

  resume(child: SupervisedChild): void {
    this.announced(child, 'resume')?.direct({ kind: 'resume' });
  }

  restart(child: SupervisedChild, delayMs = 0): void {
    this.announced(child, 'restart')?.direct({ kind: 'restart', delayMs });
  }

  stop(child: SupervisedChild): void {
    this.announced(child, 'stop')?.direct(STOP);
  }

  escalate(child: SupervisedChild): void {
    const own = this.announced(child, 'escalate');
    if (own !== undefined) this.supervisor.escalate(own, this.failure);
  }

  /** The child itself, if it is one. */
  private announced(child: SupervisedChild, directive: Directive): Child | undefined {
    const own = child as Child;
    if (!this.supervisor.childSet.has(own)) return undefined;
    this.host.events.publish(new SupervisionEvent(this.supervisor.pid, child.pid, directive, this.failure.error));
    return own;
  }
}
