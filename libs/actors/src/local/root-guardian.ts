import type { CellHost } from './cell-host.js';
import type { Child, Parent } from './process.js';
import { superviseFailure, type Supervisor } from './supervise-failure.js';
import { type Failure, SupervisionEvent, type SupervisionStrategy } from './supervision.js';
import { STOP } from './system-messages.js';

/** Supervises actors at the root: those that share a strategy are siblings. It has nobody to escalate to, so it stops. */
export class RootGuardian implements Parent, Supervisor {
  readonly pid = undefined;
  readonly childSet = new Set<Child>();

  constructor(
    private readonly host: CellHost,
    readonly strategy: SupervisionStrategy,
    private readonly onEmpty: () => void,
  ) {}

  adopt(child: Child): void {
    this.childSet.add(child);
  }

  childFailed(child: Child, error: unknown, message: unknown): void {
    superviseFailure(this.host, this, child, { child: child.pid, error, message });
  }

  childStopped(child: Child): void {
    this.childSet.delete(child);
    if (this.childSet.size === 0) this.onEmpty();
  }

  opinionOf(): undefined {
    return undefined;
  }

  escalate(child: Child, { error }: Failure): void {
    this.host.events.publish(new SupervisionEvent(undefined, child.pid, 'stop', error));
    child.direct(STOP);
  }
}
