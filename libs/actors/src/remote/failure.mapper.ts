import { actors } from '@rookery/contracts/messages';
import { DomainError, type ErrorKind } from '@rookery/runtime';

/** What an asker elsewhere may know of an error: all of a DomainError, and of others that there was one. */
export function toFailure(error: unknown): actors.Failure {
  if (!(error instanceof DomainError)) return actors.Failure.fromPartial({});
  const { code, kind, message, metadata, retryAfterMs, violations } = error;
  return actors.Failure.fromPartial({
    ...{ code, kind, message, metadata },
    violations: violations.map(({ field, description }) => ({ field, description })),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** Undefined for an error that was not meant for the asker. */
export function toDomainError(failure: actors.Failure): DomainError | undefined {
  const { code, kind, message, metadata, retryAfterMs, violations } = failure;
  if (code === '') return undefined;
  return new DomainError(code, message, {
    kind: isKind(kind) ? kind : 'unknown',
    ...{ metadata, violations },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

const KINDS: Readonly<Record<ErrorKind, true>> = {
  cancelled: true,
  unknown: true,
  'invalid-argument': true,
  'deadline-exceeded': true,
  'not-found': true,
  'already-exists': true,
  'permission-denied': true,
  'resource-exhausted': true,
  'failed-precondition': true,
  aborted: true,
  'out-of-range': true,
  unimplemented: true,
  internal: true,
  unavailable: true,
  'data-loss': true,
  unauthenticated: true,
};

/** A later version may know more kinds. */
function isKind(kind: string): kind is ErrorKind {
  return Object.hasOwn(KINDS, kind);
}
