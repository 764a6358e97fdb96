import type { TokenVerifier } from '@rookery/rpc';
import { DomainError } from '@rookery/runtime';

import type { TokenCheck } from './caller-identity.js';

/** Whose tokens the edge believes: nobody's without a verifier. */
export function trustedTokens(verifier: TokenVerifier | undefined): TokenCheck {
  return verifier ?? { verify: believeNobody };
}

function believeNobody(): never {
  throw new DomainError('TOKEN_INVALID', 'this gateway has been given no keys (AUTH_JWKS_URL) to verify tokens with', {
    kind: 'unauthenticated',
  });
}
