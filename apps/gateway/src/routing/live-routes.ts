import type { Cancellable, Scheduler } from '@rookery/runtime';

import type { ContractCatalogue } from '../contracts/contract-catalogue.js';
import { type RouteTable, buildRouteTable } from './route-table.js';

const SETTLING_MS = 3000;

/**
 * The route table of this moment. Until the contracts found at the start have been read, ownership of a contested path
 * follows the providers' order alone, so that it does not depend on which of them answered first.
 */
export class LiveRoutes {
  private current: RouteTable = buildRouteTable([]);
  private hasSettled = false;
  private readonly settling: Cancellable;
  private readonly listeners: (() => void)[] = [];

  constructor(
    private readonly catalogue: Pick<ContractCatalogue, 'providers' | 'isSettled' | 'isComplete'>,
    scheduler: Scheduler,
    private readonly report: (error: unknown) => void,
  ) {
    this.settling = scheduler.timer(SETTLING_MS, () => {
      this.hasSettled = true;
      this.refresh();
    });
  }

  get table(): RouteTable {
    return this.current;
  }

  /** The contracts found at the start have been read, or it took too long to wait for the rest. */
  get isSettled(): boolean {
    return this.hasSettled;
  }

  /** Whether a path without a route has none. */
  get isComplete(): boolean {
    return this.catalogue.isComplete;
  }

  /** Takes up what the catalogue knows now. What fails is reported: timers and readings call this, and nobody waits for those. */
  refresh(): void {
    try {
      this.rebuild();
    } catch (error) {
      this.report(error);
    }
  }

  /** Calls `listener` after each change of the table. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  close(): void {
    this.settling.cancel();
  }

  private rebuild(): void {
    this.current = buildRouteTable(this.catalogue.providers, this.hasSettled ? this.current.owners : new Map());
    this.hasSettled ||= this.catalogue.isSettled;
    for (const listener of this.listeners) listener();
  }
}
