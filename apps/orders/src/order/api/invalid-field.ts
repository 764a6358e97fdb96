import { DomainError } from '@rookery/runtime';

/** Refuses a request as the rules of its contract do. */
export function invalidField(field: string, description: string): DomainError {
  const violations = [{ field, description }];
  return new DomainError('INVALID_REQUEST', `${field}: ${description}`, { kind: 'invalid-argument', violations });
}
