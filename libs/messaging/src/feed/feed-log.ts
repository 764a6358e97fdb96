import type { messaging } from '@rookery/contracts/messages';
import type { EventStore, LogPosition } from '@rookery/eventsourcing';
import type { Scheduler } from '@rookery/runtime';
import type { Publication } from '../publishing/publication.js';

/** A piece of the log in the words of others. */
export interface FeedPage {
  readonly events: readonly messaging.FeedEvent[];
  /** Up to where it has looked. */
  readonly end: LogPosition;
}

interface Waiter {
  readonly position: number;
  settle(error?: Error): void;
}

/** Positions that are looked at in one page. */
const PAGE = 500;
/** How soon new events are found, at the latest. */
const POLL_MS = 50;

/**
 * The log as all subscribers of this process read it. What it does for one it does for all: there is one poll, and those that
 * are at the same place share one page. For those that are slow it keeps nothing.
 */
export class FeedLog {
  /** The end of the log as last seen. */
  head = 0;
  private readonly reading = new Map<string, Promise<FeedPage>>();
  private latest: { readonly key: string; readonly page: FeedPage } | undefined;
  private readonly waiters = new Set<Waiter>();
  private isPolling = false;

  constructor(
    private readonly store: EventStore,
    readonly publication: Publication,
    private readonly scheduler: Scheduler,
  ) {}

  /** What stands behind a position; of no length at the end of the log. Throws as `EventStore.readLog` does. */
  pageAfter(after: LogPosition | undefined): Promise<FeedPage> {
    const key = `${after?.epoch}/${after?.position}`;
    if (this.latest?.key === key) return Promise.resolve(this.latest.page);
    let page = this.reading.get(key);
    if (page === undefined) {
      page = this.read(after, key).finally(() => this.reading.delete(key));
      this.reading.set(key, page);
    }
    return page;
  }

  /** Settles when the log's end is elsewhere, when the time is over, or when `signal` is aborted. Rejects when it cannot look. */
  changed(position: number, limitMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error?: Error): void => {
        timer.cancel();
        signal.removeEventListener('abort', stop);
        this.waiters.delete(waiter);
        if (error === undefined) resolve();
        else reject(error);
      };
      const stop = (): void => settle();
      const timer = this.scheduler.timer(limitMs, stop);
      const waiter: Waiter = { position, settle };
      signal.addEventListener('abort', stop);
      this.waiters.add(waiter);
      if (signal.aborted) stop();
      if (!this.isPolling) this.poll();
    });
  }

  private async read(after: LogPosition | undefined, key: string): Promise<FeedPage> {
    const { categories } = this.publication;
    const { end, events: logged, head } = await this.store.readLog({ after, limit: PAGE, categories });
    this.head = head;
    const events = logged.map((one) => this.publication.eventOf(one)).filter((event) => event !== undefined);
    const page = { events, end };
    if (end.position !== (after?.position ?? 0)) this.latest = { key, page };
    return page;
  }

  private poll(): void {
    this.isPolling = true;
    this.scheduler.timer(POLL_MS, () => {
      if (this.waiters.size > 0) void this.look();
      else this.isPolling = false;
    });
  }

  private async look(): Promise<void> {
    try {
      this.head = (await this.store.readLog({ after: undefined, limit: 0 })).head;
      for (const waiter of this.waiters) if (waiter.position !== this.head) waiter.settle();
    } catch (error) {
      for (const waiter of this.waiters) waiter.settle(error instanceof Error ? error : new Error(String(error)));
    }
    this.poll();
  }
}
