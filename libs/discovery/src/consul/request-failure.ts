import { types } from 'node:util';
import { DomainError } from '@rookery/runtime';
import { z } from 'zod';
import { toError } from '../to-error.js';

/** The client resolves with an error that is of another realm than its own. */
export function throwIfError(value: unknown): unknown {
  if (types.isNativeError(value)) throw value;
  return value;
}

/** The HTTP status that Consul refused or failed with, if it answered at all. */
export function statusOf(error: unknown): number | undefined {
  const status = error instanceof DomainError ? error.metadata['status'] : undefined;
  return status === undefined ? undefined : Number(status);
}

/** REGISTRY_UNAVAILABLE when Consul did not answer or cannot (5xx, 429), REGISTRY_REFUSED when it does not accept the request. */
export function toDomainError(path: string, thrown: unknown): DomainError {
  const cause = toError(thrown);
  const status = 'statusCode' in cause && typeof cause.statusCode === 'number' ? cause.statusCode : undefined;
  if (status === undefined) {
    const reason = cause instanceof z.ZodError ? 'the answer is not Consul’s' : cause.message || cause.name;
    return new DomainError('REGISTRY_UNAVAILABLE', `Consul, ${path}: ${reason}`, { kind: 'unavailable', cause });
  }
  const message = `Consul, ${path}: ${status} ${cause.message}`;
  const metadata = { status: String(status) };
  if (status === 429 || status >= 500) {
    return new DomainError('REGISTRY_UNAVAILABLE', message, { kind: 'unavailable', metadata, cause });
  }
  const kind = status === 401 || status === 403 ? 'permission-denied' : 'failed-precondition';
  return new DomainError('REGISTRY_REFUSED', message, { kind, metadata, cause });
}
