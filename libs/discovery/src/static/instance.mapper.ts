import { DomainError } from '@rookery/runtime';
import type { Instance } from '../instance.js';
import { toInstance } from '../instance.mapper.js';
import { toError } from '../to-error.js';

/**
 * Reads a JSON array of instances, such as `[{"id":"pricing-1","service":"pricing","endpoints":{"grpc":{"host":"127.0.0.1",
 * "port":3001}}}]`; what an instance leaves out takes its default. Throws DomainError INSTANCE_INVALID that names the first
 * wrong instance by its place.
 */
export function toInstances(text: string): readonly Instance[] {
  const list = parse(text);
  if (!Array.isArray(list)) throw invalid('expected a JSON array of instances');
  const instances = list.map((data: unknown, place) => {
    try {
      return toInstance(data);
    } catch (error) {
      throw invalid(`instance ${place}: ${toError(error).message}`, error);
    }
  });
  const ids = instances.map(({ id }) => id);
  const doubled = ids.find((id, place) => ids.indexOf(id) !== place);
  if (doubled !== undefined) throw invalid(`two instances have the id ${doubled}`);
  return instances;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(`not JSON: ${toError(error).message}`, error);
  }
}

function invalid(message: string, cause?: unknown): DomainError {
  return new DomainError('INSTANCE_INVALID', message, { kind: 'invalid-argument', cause });
}
