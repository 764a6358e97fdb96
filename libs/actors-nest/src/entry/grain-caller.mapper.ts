import { randomUUID } from 'node:crypto';
import type { GrainContext, MessageHeaders } from '@rookery/actors';
import type { CallContext } from '@rookery/contracts/nest';
import { DomainError } from '@rookery/runtime';

const CALL_ID = 'call-id';
const SUBJECT = 'caller-subject';
const SCOPES = 'caller-scopes';

/** What a client calls a call by, so that its repeats are known: HTTP's header, and metadata of rpc. */
const IDEMPOTENCY_KEY = 'idempotency-key';
const MAX_KEY_LENGTH = 255;

/** Who a call of a grain was made for, as the process found that took the call from outside. */
export interface GrainCallerIdentity {
  readonly subject: string;
  readonly scopes: ReadonlySet<string>;
}

/** What a call's messages say of it and of its caller, when somebody has proven who calls. */
export function toHeaders({ metadata, principal }: CallContext): MessageHeaders {
  const id = { [CALL_ID]: callIdIn(metadata.get(IDEMPOTENCY_KEY)) };
  if (principal === undefined) return id;
  return { ...id, [SUBJECT]: principal.subject, [SCOPES]: [...principal.scopes].join(' ') };
}

/** The headers by which an actor, or the service itself, names a call that it makes. */
export function callId(id: string): MessageHeaders {
  return { [CALL_ID]: id };
}

/**
 * What the call at hand is called by: its repeats have the same id, those of its client (`idempotency-key` in the metadata) as
 * well as those that the platform makes. Without a key each call has an id of its own.
 */
export function callIdOf({ headers }: Pick<GrainContext, 'headers'>): string {
  return headers[CALL_ID] ?? randomUUID();
}

function callIdIn(key: string | Uint8Array | undefined): string {
  if (key === undefined) return randomUUID();
  if (typeof key === 'string' && key.length > 0 && key.length <= MAX_KEY_LENGTH) return key;
  const description = `must have 1 to ${MAX_KEY_LENGTH} characters`;
  throw new DomainError('INVALID_REQUEST', `${IDEMPOTENCY_KEY}: ${description}`, {
    kind: 'invalid-argument',
    violations: [{ field: IDEMPOTENCY_KEY, description }],
  });
}

/**
 * Who the call at hand was made for. It was proven to the process that took the call, which is one of this system, and not to
 * this one: it is as good as those processes are. Undefined when a grain, an actor or the service itself calls.
 */
export function callerOf({ headers }: Pick<GrainContext, 'headers'>): GrainCallerIdentity | undefined {
  const { [SUBJECT]: subject, [SCOPES]: scopes = '' } = headers;
  if (subject === undefined) return undefined;
  return { subject, scopes: new Set(scopes.split(' ').filter((scope) => scope !== '')) };
}
