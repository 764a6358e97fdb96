/** What kind of refusal this is: gRPC's canonical kinds, without gRPC. */
export type ErrorKind =
  | 'cancelled'
  | 'unknown'
  | 'invalid-argument'
  | 'deadline-exceeded'
  | 'not-found'
  | 'already-exists'
  | 'permission-denied'
  | 'resource-exhausted'
  | 'failed-precondition'
  | 'aborted'
  | 'out-of-range'
  | 'unimplemented'
  | 'internal'
  | 'unavailable'
  | 'data-loss'
  | 'unauthenticated';

/** One field of a request that breaks a rule. `field` is the path in the contract, such as `lines[2].quantity`. */
export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

export interface DomainErrorOptions {
  /** Default `failed-precondition`. */
  readonly kind?: ErrorKind;
  /** Facts for machines; they travel to the caller, so nothing secret. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly violations?: readonly FieldViolation[];
  /** The server asks for a pause of this many milliseconds before the next attempt; negative forbids another attempt. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/**
 * The one error that crosses a service's border on purpose. `code` (UPPER_SNAKE_CASE) is stable and for machines,
 * `message` is for people; both reach the caller. Every other error reaches it as an opaque `INTERNAL`.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly kind: ErrorKind;
  readonly metadata: Readonly<Record<string, string>>;
  readonly violations: readonly FieldViolation[];
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly code: string,
    message: string,
    options: DomainErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = options.kind ?? 'failed-precondition';
    this.metadata = options.metadata ?? {};
    this.violations = options.violations ?? [];
    this.retryAfterMs = options.retryAfterMs;
  }
}
