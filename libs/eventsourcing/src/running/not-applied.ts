import { DomainError, type ErrorKind } from '@rookery/runtime';
import { eventIdOf } from '../event.js';
import type { LoggedEvent } from '../event-store.port.js';

/** What says nothing against an event: it may pass by itself. */
const PASSING: ReadonlySet<ErrorKind> = new Set([
  'unavailable',
  'aborted',
  'cancelled',
  'deadline-exceeded',
  'resource-exhausted',
]);

/** Whether it is worth no more than another attempt: nobody has to act. */
export function isPassing(error: unknown): boolean {
  return error instanceof DomainError && PASSING.has(error.kind);
}

/** What a reader of the log says that cannot get past an event: all that an operator must know to decide about it. */
export function notApplied(reader: string, checkpoint: number, logged: LoggedEvent, cause: unknown): unknown {
  if (isPassing(cause)) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  const which = `position ${logged.position} (${logged.event.type} ${eventIdOf(logged)})`;
  const message = `the reader ${reader}, its checkpoint at ${checkpoint}, waits at ${which}: ${why}`;
  return new DomainError('EVENT_NOT_APPLIED', message, { kind: 'internal', cause });
}
