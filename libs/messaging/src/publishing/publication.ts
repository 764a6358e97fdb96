import type { messaging } from '@rookery/contracts/messages';
import { categoryOf, eventIdOf, type LoggedEvent, type RecordedEvent, upcast } from '@rookery/eventsourcing';
import { eventNameOf } from '../event-type.js';
import type { IntegrationEvents } from './integration-events.js';

/** All that a service publishes, as a function of what is in its log. */
export class Publication {
  /** Full names. */
  readonly types: ReadonlySet<string>;
  /** Whose streams are read. */
  readonly categories: readonly string[];
  private readonly bySource = new Map<string, IntegrationEvents>();

  /** Throws a TypeError when two publishers have one source: both would name their events alike. */
  constructor(
    private readonly service: string,
    publishers: readonly IntegrationEvents[],
  ) {
    for (const publisher of publishers) {
      const { name } = publisher.source;
      const other = this.bySource.get(name);
      if (other !== undefined)
        throw new TypeError(`two publishers of the events of ${name}: ${both(other, publisher)}`);
      this.bySource.set(name, publisher);
    }
    this.categories = [...this.bySource.keys()];
    this.types = new Set(
      publishers.flatMap((publisher) => publisher.types.map((type) => eventNameOf(type, publisher))),
    );
  }

  /** What others are told of an event, if anything. */
  eventOf(logged: LoggedEvent): messaging.FeedEvent | undefined {
    const publisher = this.bySource.get(categoryOf(logged.stream));
    if (publisher === undefined) return undefined;
    const recorded: RecordedEvent = { ...logged, event: upcast(publisher.source.upcasters, logged) };
    const told = publisher.from(recorded);
    if (told === undefined) return undefined;
    const type = eventNameOf(told.type, publisher);
    if (!this.types.has(type))
      throw new TypeError(`${publisher.constructor.name} gave ${type}, which is not among its types`);
    return {
      id: this.idOf(recorded),
      position: recorded.position,
      type,
      key: told.key,
      occurredAt: new Date(recorded.recordedAt),
      traceparent: recorded.metadata.traceparent ?? '',
      correlationId: recorded.metadata.correlationId ?? '',
      payload: told.type.encode(told.message).finish(),
    };
  }

  /** With the time, because a log that was restored goes on with other events under the versions of those that it lost. */
  private idOf(recorded: RecordedEvent): string {
    return `${this.service}/${eventIdOf(recorded)}/${recorded.recordedAt.toString(36)}`;
  }
}

function both(one: object, other: object): string {
  return `${one.constructor.name} and ${other.constructor.name}`;
}
