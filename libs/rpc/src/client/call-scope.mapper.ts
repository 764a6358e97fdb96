import { DomainError } from '@rookery/runtime';

import type { CallScope } from '../call-context.js';
import { type CallMetadata, callMetadata, TRACESTATE } from '../status/call-metadata.js';
import type { ChannelCallOptions } from './call-options.js';

/** The `authorization` that a call is made with: the caller's own choice, else who the call being served came from. */
export function authorizationOf(
  options: ChannelCallOptions | undefined,
  scope: CallScope | undefined,
): string | undefined {
  const token = options?.token ?? scope?.principal?.token;
  return token === undefined ? undefined : `Bearer ${token}`;
}

/** The metadata of a call and its tracestate; throws DomainError INVALID_METADATA when gRPC could not carry it. */
export function metadataOf(
  options: ChannelCallOptions | undefined,
  scope: CallScope | undefined,
): CallMetadata | undefined {
  // It belongs to the trace that it came with.
  const tracestate = options?.traceparent === undefined ? scope?.tracestate : options.tracestate;
  const metadata = statedMetadata(options);
  return tracestate === undefined ? metadata : new Map(metadata).set(TRACESTATE, tracestate);
}

function statedMetadata(options: ChannelCallOptions | undefined): CallMetadata | undefined {
  if (options?.metadata === undefined) return undefined;
  try {
    return callMetadata(options.metadata);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new DomainError('INVALID_METADATA', message, { kind: 'invalid-argument', cause });
  }
}

export function cancelled(): DomainError {
  return new DomainError('CANCELLED', 'the caller cancelled', { kind: 'cancelled' });
}

/** `cause` is why the call had to be tried again or to wait, where it had. */
export function deadlineExceeded(path: string, cause?: DomainError): DomainError {
  return new DomainError('DEADLINE_EXCEEDED', `no answer of ${path} within the deadline`, {
    kind: 'deadline-exceeded',
    cause,
  });
}

export function noProvider(service: string): DomainError {
  const details = { kind: 'unavailable', retryAfterMs: 1000, metadata: { service } } as const;
  return new DomainError('NO_PROVIDER', `no usable instance of ${service}`, details);
}
