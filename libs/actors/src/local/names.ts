import { DomainError } from '@rookery/runtime';

/** Names stand in paths and logs; `$` begins those that are generated. */
export function checkedName(name: string): string {
  if (/^[\w.:@~-]{1,128}$/u.test(name)) return name;
  const message = `"${name}" is no name for an actor: 1 to 128 of letters, digits and _ . : @ ~ -`;
  throw new DomainError('NAME_INVALID', message, { kind: 'invalid-argument' });
}
