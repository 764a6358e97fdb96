import { DomainError } from '@rookery/runtime';

import type { Principal } from '../call-context.js';
import type { TokenVerifier } from '../security/token-verifier.js';
import type { ServerMethod } from './server-method.js';

/**
 * Decides who calls and whether they may, by the contract's scopes. A method without the access option is closed to
 * everybody; a token that is given must be good even where none is needed.
 */
export function checkAccess(
  method: ServerMethod,
  authorization: string | undefined,
  verifier: TokenVerifier | undefined,
): Principal | undefined | Promise<Principal | undefined> {
  const { access } = method.definition;
  if (authorization === undefined) {
    if (access.isPublic || access.isInternal) return undefined;
    throw new DomainError('TOKEN_MISSING', 'this method needs a bearer token', { kind: 'unauthenticated' });
  }
  if (verifier === undefined) {
    if (access.isPublic || access.isInternal) return undefined;
    throw new DomainError('NO_ISSUER', 'this service trusts no token issuer', { kind: 'unauthenticated' });
  }
  const principal = verifier.verifyHeader(authorization);
  return principal instanceof Promise
    ? principal.then((proven) => checkScopes(method, proven))
    : checkScopes(method, principal);
}

function checkScopes(method: ServerMethod, principal: Principal): Principal {
  const { scopes, isPublic, isInternal } = method.definition.access;
  if (scopes.length === 0 && !isPublic && !isInternal) {
    throw new DomainError('METHOD_CLOSED', 'the contract opens this method to nobody', { kind: 'permission-denied' });
  }
  for (const scope of scopes) {
    if (principal.scopes.has(scope)) continue;
    throw new DomainError('SCOPE_MISSING', `the token lacks the scope ${scope}`, {
      kind: 'permission-denied',
      metadata: { scope },
    });
  }
  return principal;
}
