import { Injectable } from '@nestjs/common';
import { currentScope } from '@rookery/rpc';

/** Where counters keep their totals: one for all services of a test, as a database would be. */
const totals = new Map<string, number>();

/** Keeps the totals of counters, and knows what was noted by way of this process. */
@Injectable()
export class Ledger {
  /** The traces in which something was noted here. */
  readonly traces: (string | undefined)[] = [];

  totalOf(identity: string): number {
    return totals.get(identity) ?? 0;
  }

  note(identity: string, total: number): void {
    this.traces.push(currentScope()?.traceparent?.slice(3, 35));
    totals.set(identity, total);
  }
}
