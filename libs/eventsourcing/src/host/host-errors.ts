import { DomainError, type DomainErrorOptions } from '@rookery/runtime';
import type { CommandKey, CommandOutcome, Refusal } from '../command-outcome.js';

/**
 * Another writer has appended to the stream, or the store has gone back to an earlier state of it: what this host knows of it does
 * not hold, and it writes no more. The command that met it changed nothing, and is to be sent again to whoever hosts the
 * aggregate now.
 */
export class FenceLostError extends DomainError {
  constructor(stream: string) {
    super('FENCE_LOST', `${stream} is not as it is known here: another process has written it`, {
      kind: 'aborted',
      metadata: { stream },
    });
  }
}

export function toRefusal({ code, message, kind, metadata, violations }: DomainError): Refusal {
  return { code, message, kind, metadata, violations };
}

/** What the sender of a command hears: the answer, or the refusal as an error. */
export function settle(outcome: CommandOutcome): unknown {
  // JSON has left out an answer that is nothing.
  if (!('refusal' in outcome)) return outcome.answer;
  const { code, message, ...options } = outcome.refusal;
  throw new DomainError(code, message, options);
}

export function commandIdReused({ commandId }: CommandKey): DomainError {
  return new DomainError('COMMAND_ID_REUSED', `the id ${commandId} was used for another command`, {
    kind: 'already-exists',
    metadata: { commandId },
  });
}

export function outcomeUnknown(
  { commandId }: CommandKey,
  details: Pick<DomainErrorOptions, 'cause' | 'retryAfterMs'>,
): DomainError {
  const message = `whether ${commandId} was carried out is not known; sent again with this id it is carried out once`;
  return new DomainError('OUTCOME_UNKNOWN', message, { kind: 'unavailable', metadata: { commandId }, ...details });
}

export function deadlineExceeded({ commandId }: CommandKey): DomainError {
  return new DomainError('DEADLINE_EXCEEDED', `${commandId} waited until its deadline, and was not carried out`, {
    kind: 'deadline-exceeded',
    metadata: { commandId },
  });
}

/** For whoever waits no longer: what is left of his time is too short for another attempt. */
const NOT_AT_ONCE_MS = 1000;

/** For whoever waits no longer than until now. `doubt` is what the store has said, if it has. */
export function notKnownInTime(key: CommandKey, doubt?: unknown): DomainError {
  return outcomeUnknown(key, { cause: doubt, retryAfterMs: NOT_AT_ONCE_MS });
}

/** As the store would say it, but in time for whoever waits. */
export function storeTooSlow(what: string): DomainError {
  const message = `the store is not available: ${what} waited in vain, and nothing was done`;
  return new DomainError('STORE_UNAVAILABLE', message, { kind: 'unavailable', retryAfterMs: NOT_AT_ONCE_MS });
}

export function tooManyCommands(stream: string, limit: number): DomainError {
  return new DomainError('TOO_MANY_COMMANDS', `${limit} commands wait for ${stream} already`, {
    kind: 'resource-exhausted',
    metadata: { stream },
  });
}

/** Whether this is the store's word that nobody knows whether it has written. */
export function isUnknown(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'STORE_OUTCOME_UNKNOWN';
}

/** Whether the store will never take this data. */
export function isRefusedData(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'STORE_REFUSED';
}
