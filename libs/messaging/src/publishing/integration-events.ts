import type { MessageCodec } from '@rookery/contracts/nest';
import type { DomainEvent, EventSource, RecordedEvent } from '@rookery/eventsourcing';
import type { IntegrationEvent } from './integration-event.js';

/**
 * A provider that extends this says what others hear of the events of one aggregate, by a pure function: it is asked again
 * for each consumer that catches up, and then has to say the same.
 */
export abstract class IntegrationEvents<E extends DomainEvent = DomainEvent> {
  /** Whose events they are made of. */
  abstract readonly source: EventSource;
  /** All that `from` may give. Other services build on it: a type is added, and hardly ever taken away. */
  abstract readonly types: readonly MessageCodec<unknown>[];

  /** Undefined: nobody else is told. */
  abstract from(recorded: RecordedEvent<E>): IntegrationEvent | undefined;
}
