import type { CallContext } from '@rookery/contracts/nest';
import { DomainError } from '@rookery/runtime';

import { ServerCall } from '../server/server-call.js';
import type { CallStatus } from '../status/call-status.js';
import { errorInfoOf, errorOfStatus } from '../status/error.mapper.js';
import { StatusCode } from '../status/status-code.js';

const NOT_OWNER = 'NOT_OWNER';

/**
 * What a provider answers, before it has done anything, when what the call is for belongs to another instance. `owner` is the
 * id of that instance, or empty when it is not known; `topology` names the list of members by which this was found.
 */
export function notOwner(owner: string, topology: string): DomainError {
  const told = owner === '' ? 'another instance does' : `${owner} does`;
  return new DomainError(NOT_OWNER, `this instance does not own what the call is for, ${told}`, {
    kind: 'failed-precondition',
    metadata: { owner, topology },
  });
}

/** Whether the caller goes on to the owner by itself: on a link it does, by plain gRPC it may never have heard of owners. */
export function followsNotOwner(context: CallContext): boolean {
  return context instanceof ServerCall && context.arrival.transport === 'link';
}

/** The owner that a refusal names; empty when it names none, undefined when the status is no such refusal. */
export function ownerNamedBy(status: CallStatus): string | undefined {
  if (status.code !== StatusCode.FAILED_PRECONDITION) return undefined;
  const info = errorInfoOf(status);
  return info?.reason === NOT_OWNER ? (info.metadata['owner'] ?? '') : undefined;
}

/**
 * What the caller is told of a failed call. NOT_OWNER is between the pipeline and the instance that was asked: passed on by a
 * handler, it would send the handler's own caller to an instance of another service.
 */
export function errorForCaller(status: CallStatus, service: string): DomainError {
  const error = errorOfStatus(status);
  if (error.code !== NOT_OWNER) return error;
  const message = `no instance of ${service} took the call as its owner`;
  const metadata = { service };
  return new DomainError('NO_OWNER', message, { kind: 'unavailable', retryAfterMs: 1000, metadata, cause: error });
}
