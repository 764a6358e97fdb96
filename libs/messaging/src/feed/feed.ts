import type { messaging } from '@rookery/contracts/messages';
import type { EventStore } from '@rookery/eventsourcing';
import { type Clock, DomainError, type Scheduler } from '@rookery/runtime';
import type { Publication } from '../publishing/publication.js';
import { FeedLog } from './feed-log.js';
import { FeedStream } from './feed-stream.js';

/** The integration events of a service, for whoever subscribes. */
export class Feed {
  private readonly log: FeedLog;
  private readonly open = new Set<AbortController>();
  private isEnded = false;

  constructor(
    private readonly publication: Publication,
    private readonly clock: Clock,
    store: EventStore,
    scheduler: Scheduler,
  ) {
    this.log = new FeedLog(store, publication, scheduler);
  }

  get subscribers(): number {
    return this.open.size;
  }

  /**
   * Throws `DomainError` TYPE_NOT_PUBLISHED when it is asked for a type that this version of the service does not publish: a
   * consumer that is led past such events here would miss what the next version says of them.
   */
  async *subscribe(
    request: messaging.SubscribeRequest,
    signal: AbortSignal,
  ): AsyncGenerator<messaging.SubscribeResponse> {
    const unknown = request.types.filter((type) => !this.publication.types.has(type));
    if (unknown.length > 0) throw new DomainError('TYPE_NOT_PUBLISHED', `not published here: ${unknown.join(', ')}`);
    if (this.isEnded) return;
    const end = new AbortController();
    const stop = (): void => end.abort();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    this.open.add(end);
    try {
      yield* new FeedStream(this.log, this.clock, request, end.signal).responses();
    } finally {
      this.open.delete(end);
      signal.removeEventListener('abort', stop);
    }
  }

  /** Ends all streams in order: whoever has read them goes on at another instance. */
  end(): void {
    this.isEnded = true;
    for (const one of this.open) one.abort();
  }
}
