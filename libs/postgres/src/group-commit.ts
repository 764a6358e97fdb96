import { type Cancellable, type Clock, DomainError, type Scheduler } from '@rookery/runtime';
import { unavailable } from './store-failure.js';

/** What waits to be written together with others. */
export interface LaneItem {
  /** Of two with the same key one goes with a later batch than the other. */
  readonly key: string;
  readonly rows: number;
  readonly bytes: number;
}

export interface LaneLimits {
  /** Of one batch. An item that is larger goes alone. */
  readonly maxRows: number;
  readonly maxBytes: number;
  /** Items that wait at most; what comes beyond is turned away. */
  readonly maxWaiting: number;
  /** How long one waits for its batch at most. */
  readonly waitMs: number;
}

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly until: number;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * One lane in which a batch is written at a time, while the next one gathers. It gives each item its own outcome; what is at
 * fault in an item is found by halving its batch, and fails that item alone.
 */
export class GroupCommit<Item extends LaneItem, Outcome> {
  private waiting: Waiting<Item, Outcome>[] = [];
  private isBusy = false;
  private isClosed = false;
  private expiry: Cancellable | undefined;
  private idle: (() => void) | undefined;

  /**
   * @param write one outcome for each item, in order. Rejects with STORE_REFUSED, having done nothing, when one or more of them
   *   are at fault
   */
  constructor(
    private readonly write: (items: readonly Item[]) => Promise<readonly Outcome[]>,
    private readonly limits: LaneLimits,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {}

  submit(item: Item): Promise<Outcome> {
    if (this.isClosed) return Promise.reject(unavailable('it is closed'));
    if (this.waiting.length >= this.limits.maxWaiting) return Promise.reject(unavailable('too many appends wait'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, until: this.clock.monotonic() + this.limits.waitMs, resolve, reject });
      this.expiry ??= this.scheduler.timer(this.limits.waitMs, () => this.expire());
      this.start();
    });
  }

  /** What has not been sent fails; resolves when what was sent has ended. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.expiry?.cancel();
    for (const { reject } of this.waiting.splice(0)) reject(unavailable('it is closed'));
    if (this.isBusy) await new Promise<void>((resolve) => (this.idle = resolve));
  }

  /** In the next turn, so that all that this turn submits goes together. */
  private start(): void {
    if (this.isBusy) return;
    this.isBusy = true;
    this.scheduler.macrotask(() => void this.run());
  }

  private async run(): Promise<void> {
    const batch = this.take();
    if (batch.length > 0) await this.settle(batch);
    this.isBusy = false;
    if (this.waiting.length > 0) this.start();
    else this.idle?.();
  }

  private take(): readonly Waiting<Item, Outcome>[] {
    const { maxBytes, maxRows } = this.limits;
    const batch: Waiting<Item, Outcome>[] = [];
    const left: Waiting<Item, Outcome>[] = [];
    const keys = new Set<string>();
    let [rows, bytes, isFull] = [0, 0, false];
    for (const one of this.waiting) {
      const { item } = one;
      isFull ||= batch.length > 0 && (rows + item.rows > maxRows || bytes + item.bytes > maxBytes);
      if (isFull || keys.has(item.key)) {
        left.push(one);
        continue;
      }
      keys.add(item.key);
      rows += item.rows;
      bytes += item.bytes;
      batch.push(one);
    }
    this.waiting = left;
    return batch;
  }

  private async settle(batch: readonly Waiting<Item, Outcome>[]): Promise<void> {
    try {
      const outcomes = await this.write(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(outcomes[index] as Outcome));
    } catch (error) {
      if (batch.length > 1 && error instanceof DomainError && error.code === 'STORE_REFUSED') {
        const half = Math.ceil(batch.length / 2);
        await this.settle(batch.slice(0, half));
        await this.settle(batch.slice(half));
      } else for (const { reject } of batch) reject(error);
    }
  }

  private expire(): void {
    this.expiry = undefined;
    const now = this.clock.monotonic();
    const late = this.waiting.filter(({ until }) => until <= now);
    this.waiting = this.waiting.filter(({ until }) => until > now);
    for (const { reject } of late) reject(unavailable('an append waited too long for the ones before it'));
    const [next] = this.waiting;
    if (next !== undefined) this.expiry = this.scheduler.timer(next.until - now, () => this.expire());
  }
}
