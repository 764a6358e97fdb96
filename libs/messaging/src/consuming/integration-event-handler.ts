import type { MessageCodec } from '@rookery/contracts/nest';
import type { Transaction } from '@rookery/postgres';
import type { ReceivedEvent } from './received-event.js';

/**
 * A provider that extends this is told the integration events of another service, by one instance of this one: from the first
 * that there ever was, in their order, each once.
 *
 * Once is what `handle` does by the transaction. Whatever else it does may be done again, so a call that it makes to a
 * neighbour is named by `event.id`. What it throws undoes the transaction and brings the event again, with growing pauses:
 * none is passed over, and those behind it wait.
 *
 * @typeParam M the messages of its types
 * @typeParam Tx the transaction of the store that it writes to
 */
export abstract class IntegrationEventHandler<M = unknown, Tx = Transaction> {
  /** A lower-case word, for ever: whoever takes another name begins with the first event. */
  abstract readonly name: string;
  /** Who publishes them, as in the registry. */
  abstract readonly service: string;
  abstract readonly types: readonly MessageCodec<M>[];

  abstract handle(event: ReceivedEvent<M>, transaction: Tx): Promise<void>;
}
