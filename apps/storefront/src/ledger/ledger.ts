import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { type Cancellable, Scheduler } from '@rookery/runtime';
import { Drain } from '@rookery/service-kit';
import { type LedgerTotals, NO_ENTRIES, toLedgerTotals } from './ledger.mapper.js';
import { LedgerStore } from './ledger.store.js';

const LOOK_EVERY_MS = 1000;

/** The ledger's totals, as they were a moment ago; of an instance that does not consume too. */
@Injectable()
export class Ledger implements OnApplicationBootstrap {
  private readonly logger = new Logger(Ledger.name);
  private seen: LedgerTotals = toLedgerTotals(NO_ENTRIES);
  private timer: Cancellable | undefined;
  private isClosed = false;
  private isUnread = false;

  constructor(
    private readonly store: LedgerStore,
    private readonly scheduler: Scheduler,
    drain: Drain,
  ) {
    drain.add({ name: 'ledger', stop: () => this.close() });
  }

  get totals(): LedgerTotals {
    return this.seen;
  }

  onApplicationBootstrap(): Promise<void> {
    return this.keepLooking();
  }

  private async keepLooking(): Promise<void> {
    await this.look();
    if (!this.isClosed) this.timer = this.scheduler.timer(LOOK_EVERY_MS, () => void this.keepLooking());
  }

  private close(): void {
    this.isClosed = true;
    this.timer?.cancel();
  }

  /** While the database is away, what was seen last stays. */
  private async look(): Promise<void> {
    try {
      this.seen = toLedgerTotals(await this.store.entries());
      this.isUnread = false;
    } catch (error) {
      if (!this.isUnread && !this.isClosed) this.logger.warn(`the ledger was not read: ${(error as Error).message}`);
      this.isUnread = true;
    }
  }
}
