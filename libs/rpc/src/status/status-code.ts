import type { ErrorKind } from '@rookery/runtime';

/** gRPC's canonical codes. */
export const StatusCode = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

const KINDS: readonly ErrorKind[] = [
  'unknown', // OK is no error; a peer that sends one as an error is not to be trusted with more
  'cancelled',
  'unknown',
  'invalid-argument',
  'deadline-exceeded',
  'not-found',
  'already-exists',
  'permission-denied',
  'resource-exhausted',
  'failed-precondition',
  'aborted',
  'out-of-range',
  'unimplemented',
  'internal',
  'unavailable',
  'data-loss',
  'unauthenticated',
];

/** The kind of a gRPC status code; codes that do not exist are `unknown`, as gRPC demands. */
export function kindOf(code: number): ErrorKind {
  return KINDS[code] ?? 'unknown';
}

/** The gRPC status code of a kind. */
export function statusCodeOf(kind: ErrorKind): number {
  return kind === 'unknown' ? StatusCode.UNKNOWN : KINDS.indexOf(kind);
}
