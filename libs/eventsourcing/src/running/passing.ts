import { DomainError, type ErrorKind } from '@rookery/runtime';

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
