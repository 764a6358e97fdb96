import type { TokenVerifier } from '@rookery/rpc';
import { DomainError } from '@rookery/runtime';
import { ConfigError } from '@rookery/service-kit';

import type { TokenCheck } from './caller-identity.js';

/** The `iss` of the tokens for trying out. Anybody can get one. */
const DEV_ISSUER = 'rookery-dev-issuer';

/** Whose tokens the edge believes. Throws ConfigError where that would let everybody in. */
export function trustedTokens(
  verifier: TokenVerifier | undefined,
  settings: { readonly NODE_ENV: string; readonly AUTH_ISSUER: string },
): TokenCheck {
  if (settings.NODE_ENV === 'production' && settings.AUTH_ISSUER === DEV_ISSUER) {
    throw new ConfigError([
      `AUTH_ISSUER is "${DEV_ISSUER}": in production its tokens are refused, because anybody can get one.`,
    ]);
  }
  return verifier ?? { verify: believeNobody };
}

function believeNobody(): never {
  throw new DomainError('TOKEN_INVALID', 'this gateway has been given no keys (AUTH_JWKS_URL) to verify tokens with', {
    kind: 'unauthenticated',
  });
}
