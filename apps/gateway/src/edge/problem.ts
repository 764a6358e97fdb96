import { type ErrorKind, type FieldViolation, DomainError } from '@rookery/runtime';

/** An error as the outside sees it: RFC 9457, plus the headers that belong to its status. */
export interface Problem {
  readonly status: number;
  /** Stable, for machines: UPPER_SNAKE_CASE. */
  readonly code: string;
  readonly detail: string;
  readonly violations?: readonly FieldViolation[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export const PROBLEM_TYPE = 'application/problem+json';

/** gRPC's codes in HTTP, as grpc-gateway maps them. */
export const STATUS_OF_KIND: Record<ErrorKind, number> = {
  cancelled: 499,
  unknown: 500,
  'invalid-argument': 400,
  'deadline-exceeded': 504,
  'not-found': 404,
  'already-exists': 409,
  'permission-denied': 403,
  'resource-exhausted': 429,
  'failed-precondition': 400,
  aborted: 409,
  'out-of-range': 400,
  unimplemented: 501,
  internal: 500,
  unavailable: 503,
  'data-loss': 500,
  unauthenticated: 401,
};

const DEFAULT_RETRY_SECONDS = 1;

/** What the outside is told of an error. Anything but a DomainError is opaque: the log has it. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof DomainError)) return { status: 500, code: 'INTERNAL', detail: 'internal error' };
  const status = STATUS_OF_KIND[error.kind];
  return {
    status,
    code: error.code,
    detail: error.message,
    violations: error.violations,
    metadata: error.metadata,
    headers: headersOf(status, error),
  };
}

function headersOf(status: number, error: DomainError): Record<string, string> {
  if (status === 401) return { 'www-authenticate': challengeOf(error) };
  if (status !== 503 && status !== 429) return {};
  const { retryAfterMs } = error;
  // Negative forbids another attempt, so nothing is suggested.
  if (retryAfterMs !== undefined && retryAfterMs < 0) return {};
  const seconds = retryAfterMs === undefined ? DEFAULT_RETRY_SECONDS : Math.max(1, Math.ceil(retryAfterMs / 1000));
  return { 'retry-after': String(seconds) };
}

/** RFC 6750: no error code when the request carried no token at all. */
function challengeOf(error: DomainError): string {
  if (error.code === 'TOKEN_MISSING') return 'Bearer realm="rookery"';
  return `Bearer realm="rookery", error="invalid_token", error_description="${quotable(error.message)}"`;
}

/** A quoted string in a header holds visible ASCII without quotes and backslashes. */
export function quotable(text: string): string {
  return text.replace(/[^\x20-\x7e]|["\\]/g, "'");
}

/** The document. `traceId` lets whoever runs the system find the request again. */
export function problemText(problem: Problem, traceId: string | undefined): string {
  const { status, code, detail, violations = [], metadata = {} } = problem;
  return JSON.stringify({
    type: `urn:rookery:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: titleOf(code),
    status,
    detail,
    ...(traceId === undefined ? {} : { instance: `urn:rookery:trace:${traceId}` }),
    code,
    ...(violations.length === 0 ? {} : { violations }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  });
}

function titleOf(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A problem that the gateway itself has with a request. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

export function refuse(
  status: number,
  code: string,
  detail: string,
  extra: Pick<Problem, 'violations' | 'headers' | 'metadata'> = {},
): ProblemError {
  return new ProblemError({ status, code, detail, ...extra });
}
