import type { messaging } from '@rookery/contracts/messages';
import type { LogPosition } from '@rookery/eventsourcing';

export interface Subscription {
  /** Who publishes, as in the registry. */
  readonly service: string;
  /** Full names of messages. */
  readonly types: readonly string[];
  /** The last position that needs nothing more; undefined: from the first event. */
  readonly after: LogPosition | undefined;
}

/** What a subscriber gets at once; without events it says how far things are. */
export interface Delivery {
  readonly events: readonly messaging.FeedEvent[];
  /** The position that needs nothing more when these events are handled. */
  readonly end: LogPosition;
  /** The end of the provider's log. */
  readonly head: number;
}

/** How integration events come from the service that publishes them. */
export abstract class EventTransport {
  /** Undefined when an instance of `service` is known; else what resolves when one is, or when `signal` is aborted. */
  abstract provider(service: string, signal: AbortSignal): Promise<void> | undefined;

  /**
   * Events behind a position, in their order, and those to come; the next is fetched when the last is taken. Ends when the
   * provider ends it, or when `signal` is aborted.
   *
   * Throws `DomainError`s: LOG_REPLACED (of another epoch, or behind the log's end), TYPE_NOT_PUBLISHED, and with kind
   * `unavailable` when the provider is away.
   */
  abstract subscribe(subscription: Subscription, signal: AbortSignal): AsyncIterable<Delivery>;
}
