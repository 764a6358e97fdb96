import { DomainError } from '@rookery/runtime';
import { DatabaseError } from 'pg';

/**
 * What PostgreSQL says when the session is at an end: 08 connection exceptions, 57P01 to 57P05 shut down, crashed, starting,
 * dropped or idle for too long, 25P03 idle in a transaction, 40003 the completion is unknown.
 */
const SESSION_ENDED = /^(08...|57P0[1-5]|25P03|40003)$/;

/**
 * What undoes one statement and may pass by itself: 53 out of disk, memory or connections, 58 I/O, 57014 cancelled or out of
 * time, 55P03 and 40 lost against others, 25006 read only since another server took over.
 */
const PASSING = /^(53...|58...|57014|55P03|40...|25006)$/;

/** What the data is to blame for: 22 not a value of its type, 23 against a constraint, 54 beyond a limit. */
const BAD_DATA = /^(22...|23...|54...)$/;

/** Nothing was done, and it may be tried again. */
export function unavailable(why: string, cause?: unknown): DomainError {
  return new DomainError('STORE_UNAVAILABLE', `the store is not available: ${why}`, { kind: 'unavailable', cause });
}

/** It may have been done: only a look at the store can tell. */
export function outcomeUnknown(cause?: unknown): DomainError {
  const message = 'the connection to the store was lost, and what was sent may have been done';
  return new DomainError('STORE_OUTCOME_UNKNOWN', message, { kind: 'unavailable', cause });
}

export function refused(why: string, cause?: unknown): DomainError {
  return new DomainError('STORE_REFUSED', `the store cannot keep this: ${why}`, { kind: 'invalid-argument', cause });
}

/**
 * What a failed statement means to whoever sent it. Mistakes in statements, and data that is not taken, stay as they are.
 *
 * @param mayBeDone whether the statement was a transaction's last word, so that a lost connection leaves its outcome open
 */
export function storeFailure(error: unknown, mayBeDone: boolean): unknown {
  if (error instanceof DomainError) return error;
  if (endsSession(error)) return mayBeDone ? outcomeUnknown(error) : unavailable('the connection was lost', error);
  // Its message may name files of the server, and ours goes to the caller.
  if (error instanceof DatabaseError && PASSING.test(error.code ?? ''))
    return unavailable(`SQLSTATE ${error.code}`, error);
  return error;
}

/** Whether no further statement can be sent behind this error. */
export function endsSession(error: unknown): boolean {
  if (error instanceof DatabaseError) return SESSION_ENDED.test(error.code ?? '');
  // These come from values that the driver could not write, before anything was sent.
  return !(error instanceof TypeError || error instanceof RangeError);
}

export function isBadData(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && BAD_DATA.test(error.code ?? '');
}
