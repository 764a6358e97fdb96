import { DomainError, type ErrorKind } from '@rookery/runtime';
import type { DeadLetterReason } from './dead-letter.js';
import type { AnyPid } from './pid.js';

/** Somebody has the name already. */
export class NameTakenError extends DomainError {
  constructor(
    name: string,
    /** Who has it. */
    readonly existing: AnyPid,
  ) {
    super('NAME_TAKEN', `there is an actor ${name} already`, { kind: 'already-exists' });
  }
}

const REFUSALS: Readonly<Record<DeadLetterReason, readonly [code: string, kind: ErrorKind, words: string]>> = {
  'not-found': ['TARGET_NOT_FOUND', 'not-found', 'does not exist'],
  stopped: ['TARGET_STOPPED', 'unavailable', 'has stopped'],
  'mailbox-full': ['MAILBOX_FULL', 'resource-exhausted', 'has a full mailbox'],
  'dropped-oldest': ['MAILBOX_FULL', 'resource-exhausted', 'dropped the message for newer ones'],
  'no-sender': ['TARGET_NOT_FOUND', 'not-found', 'is nobody'],
  'late-answer': ['TARGET_STOPPED', 'unavailable', 'no longer waits'],
  'not-routed': ['TARGET_FAILED', 'internal', 'could not choose who gets the message'],
  unreachable: ['UNREACHABLE', 'unavailable', 'cannot be reached; the message was not sent'],
  'queue-full': ['REMOTE_QUEUE_FULL', 'resource-exhausted', 'does not keep up; the message was not sent'],
  'connection-lost': ['CONNECTION_LOST', 'unavailable', 'was cut off: whether the message was handled is unknown'],
  'not-encodable': ['MESSAGE_NOT_ENCODABLE', 'invalid-argument', 'was not sent the message'],
  undecodable: ['MESSAGE_UNDECODABLE', 'invalid-argument', 'cannot read the message'],
};

export function isDeadLetterReason(reason: string): reason is DeadLetterReason {
  return Object.hasOwn(REFUSALS, reason);
}

/** What an ask rejects with when its message became a dead letter. */
export function undeliverable(target: AnyPid, reason: DeadLetterReason, detail?: string): DomainError {
  const [code, kind, words] = REFUSALS[reason];
  return new DomainError(code, `${target.id} ${words}${detail === undefined ? '' : `: ${detail}`}`, { kind });
}

export function askTimeout(target: AnyPid, timeoutMs: number): DomainError {
  return new DomainError('ASK_TIMEOUT', `${target.id} did not answer within ${timeoutMs} ms`, {
    kind: 'deadline-exceeded',
  });
}

/** The actor threw while it handled the message; its supervisor knows more than its callers should. */
export function targetFailed(target: AnyPid, cause: unknown): DomainError {
  if (cause instanceof DomainError) return cause;
  return new DomainError('TARGET_FAILED', `${target.id} failed while it handled the message`, {
    kind: 'internal',
    cause,
  });
}

export function systemStopped(): DomainError {
  return new DomainError('SYSTEM_STOPPED', 'the actor system has stopped', { kind: 'unavailable' });
}

export function watchByName(target: AnyPid): DomainError {
  const message = `${target.id} names whoever has the name: find the actor first, then watch it`;
  return new DomainError('WATCH_BY_NAME', message, { kind: 'invalid-argument' });
}

export function spawnRefused(who: string): DomainError {
  return new DomainError('SPAWN_REFUSED', `${who} is ending, or being made again, and has no more children`);
}

const NAMED = 5;

/** Some actors took too long to end; the first few are named. */
export function stopTimeout(stuck: readonly { readonly pid: AnyPid }[], timeoutMs: number): DomainError {
  const ids = stuck.map(({ pid }) => pid.id);
  const rest = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : '';
  const message = `${ids.slice(0, NAMED).join(', ')}${rest} did not stop within ${timeoutMs} ms`;
  return new DomainError('STOP_TIMEOUT', message, { kind: 'deadline-exceeded' });
}
