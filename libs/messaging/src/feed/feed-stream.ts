import type { messaging } from '@rookery/contracts/messages';
import type { LogPosition } from '@rookery/eventsourcing';
import type { Clock } from '@rookery/runtime';
import type { FeedLog, FeedPage } from './feed-log.js';

/** Long enough to cost nothing, short enough that a consumer's lag says something. */
export const HEARTBEAT_MS = 2000;
const LARGEST_BATCH = 500;
/** A batch with so many bytes is sent, however few its events are. */
const FULL_BATCH_BYTES = 256 * 1024;

/** Where one subscriber reads the log. It goes on when the subscriber takes more, and keeps no more than the page at hand. */
export class FeedStream {
  private at: LogPosition | undefined;
  private toldAt = Number.NEGATIVE_INFINITY;
  private readonly types: ReadonlySet<string>;
  private readonly maxBatch: number;

  constructor(
    private readonly log: FeedLog,
    private readonly clock: Clock,
    { after, maxBatch, types }: messaging.SubscribeRequest,
    private readonly signal: AbortSignal,
  ) {
    this.at = after;
    this.types = types.length === 0 ? log.publication.types : new Set(types);
    this.maxBatch = maxBatch === 0 ? LARGEST_BATCH : Math.min(maxBatch, LARGEST_BATCH);
  }

  /** Until `signal` is aborted. Throws as `EventStore.readLog` does. */
  async *responses(): AsyncGenerator<messaging.SubscribeResponse> {
    while (!this.signal.aborted) {
      const page = await this.log.pageAfter(this.at);
      yield* this.tell(page);
      this.at = page.end;
      if (page.end.position >= this.log.head) await this.log.changed(page.end.position, HEARTBEAT_MS, this.signal);
    }
  }

  private *tell({ end, events }: FeedPage): Generator<messaging.SubscribeResponse> {
    let batch: messaging.FeedEvent[] = [];
    let bytes = 0;
    for (const event of events) {
      if (!this.types.has(event.type)) continue;
      if (batch.length === this.maxBatch || bytes >= FULL_BATCH_BYTES) {
        yield this.response(batch, { ...end, position: batch.at(-1)?.position ?? end.position });
        batch = [];
        bytes = 0;
      }
      batch.push(event);
      bytes += event.payload.length;
    }
    if (batch.length > 0 || this.clock.monotonic() - this.toldAt >= HEARTBEAT_MS) yield this.response(batch, end);
  }

  private response(events: messaging.FeedEvent[], end: LogPosition): messaging.SubscribeResponse {
    this.toldAt = this.clock.monotonic();
    return { events, end, head: this.log.head };
  }
}
