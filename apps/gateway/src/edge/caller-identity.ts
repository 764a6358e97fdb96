import type { Principal } from '@rookery/rpc';
import { bearerToken } from '@rookery/rpc';
import { DomainError } from '@rookery/runtime';

import type { Access } from '../routing/method-options.js';
import type { Route, RouteVersion } from '../routing/route-table.js';
import { type ProblemError, quotable, refuse } from './problem.js';

/** The part of the token verifier that the gateway needs. */
export interface TokenCheck {
  verify(token: string): Principal | Promise<Principal>;
}

/**
 * Who calls, by the `Authorization` header; undefined without one. Throws or rejects with a DomainError for whatever
 * cannot be believed, also where the route would not ask: a token that is sent is meant.
 */
export function identify(
  authorization: string | undefined,
  tokens: TokenCheck,
): Principal | undefined | Promise<Principal> {
  if (authorization === undefined) return undefined;
  const token = bearerToken(authorization);
  if (token === undefined) {
    throw new DomainError('TOKEN_INVALID', 'the Authorization header holds no bearer token', {
      kind: 'unauthenticated',
    });
  }
  return tokens.verify(token);
}

/** The versions of a route that this caller may use, newest first. Throws 401 or 403 when there is none. */
export function permitted(route: Route, principal: Principal | undefined): readonly RouteVersion[] {
  const { versions } = route;
  const [newest] = versions;
  if (versions.length === 1 && newest !== undefined && isAllowed(newest.offer.method.access, principal))
    return versions;
  const allowed = versions.filter((version) => isAllowed(version.offer.method.access, principal));
  if (allowed.length > 0) return allowed;
  throw refusal(newest?.offer.method.access.scopes ?? [], principal);
}

function isAllowed(access: Access, principal: Principal | undefined): boolean {
  if (access.isPublic) return true;
  if (principal === undefined) return false;
  for (const scope of access.scopes) if (!principal.scopes.has(scope)) return false;
  return true;
}

function refusal(scopes: readonly string[], principal: Principal | undefined): ProblemError | DomainError {
  if (principal === undefined) {
    return new DomainError('TOKEN_MISSING', 'this route needs a bearer token', { kind: 'unauthenticated' });
  }
  const missing = scopes.filter((scope) => !principal.scopes.has(scope));
  const names = missing.join(', ');
  return refuse(403, 'SCOPE_MISSING', `the token lacks the scope ${names}`, {
    metadata: { scope: missing.join(' ') },
    headers: {
      'www-authenticate': `Bearer realm="rookery", error="insufficient_scope", scope="${quotable(scopes.join(' '))}"`,
    },
  });
}
