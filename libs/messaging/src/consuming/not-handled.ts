import type { messaging } from '@rookery/contracts/messages';
import { isPassing } from '@rookery/eventsourcing';
import { DomainError } from '@rookery/runtime';

/** The handler has thrown, or the event could not be read. */
export class NotHandledError extends DomainError {}

/** What the failure of a handler means for its consumer: a store or a neighbour that is away says nothing against the event. */
export function notHandled(
  consumer: string,
  checkpoint: number,
  { id, position, type }: messaging.FeedEvent,
  cause: unknown,
): DomainError {
  if (cause instanceof DomainError && isPassing(cause)) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `${consumer}, its checkpoint at ${checkpoint}, waits at position ${position} (${type} ${id}): ${why}`;
  return new NotHandledError('EVENT_NOT_HANDLED', message, { cause });
}
