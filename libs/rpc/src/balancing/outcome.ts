/** What a gRPC status code says about the instance that gave it. */
export type Verdict = 'answered' | 'refused' | 'failed' | 'silent';

// By code, 0 to 16. Each line's reason is in docs/decisions/0005-p2c-ewma.md.
const VERDICTS: readonly Verdict[] = [
  'answered', // OK
  'silent', // CANCELLED: the caller's doing
  'failed', // UNKNOWN: what an uncaught error becomes
  'refused', // INVALID_ARGUMENT
  'failed', // DEADLINE_EXCEEDED
  'refused', // NOT_FOUND
  'refused', // ALREADY_EXISTS
  'refused', // PERMISSION_DENIED
  'failed', // RESOURCE_EXHAUSTED: it is at its limit, another may not be
  'refused', // FAILED_PRECONDITION
  'refused', // ABORTED
  'refused', // OUT_OF_RANGE
  'failed', // UNIMPLEMENTED: an older version of the service, another may be newer
  'failed', // INTERNAL
  'failed', // UNAVAILABLE
  'failed', // DATA_LOSS
  'refused', // UNAUTHENTICATED
];

/**
 * `answered` and `refused` are the work of a healthy instance, but only an answer tells how long the work takes: a refusal
 * may come before it. `failed` speaks against the instance, `silent` neither way. A code unknown to gRPC counts as UNKNOWN.
 */
export function verdictOf(code: number): Verdict {
  return VERDICTS[code] ?? 'failed';
}
