import type { GrainContext, MessageHeaders } from '@rookery/actors';
import type { CallContext } from '@rookery/contracts/nest';

const SUBJECT = 'caller-subject';
const SCOPES = 'caller-scopes';

/** Who a call of a grain was made for, as the process found that took the call from outside. */
export interface GrainCallerIdentity {
  readonly subject: string;
  readonly scopes: ReadonlySet<string>;
}

/** What a call's messages say of its caller; nothing, when nobody has proven who calls. */
export function toHeaders({ principal }: CallContext): MessageHeaders {
  if (principal === undefined) return {};
  return { [SUBJECT]: principal.subject, [SCOPES]: [...principal.scopes].join(' ') };
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
