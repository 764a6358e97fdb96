import { DomainError, type Clock } from '@rookery/runtime';
import { errors, jwtVerify, type JWTPayload } from 'jose';

import type { Principal } from '../call-context.js';
import { isFaultOfIssuer, IssuerKeys } from './issuer-keys.js';

export interface TokenVerifierOptions {
  /** Where the issuer publishes its keys. */
  readonly jwksUrl: string;
  /** Only tokens of this issuer are believed. */
  readonly issuer: string;
  /** Only tokens meant for this audience are taken. */
  readonly audience: string;
  readonly clock: Clock;
  /** Verified tokens kept; the one verified first goes first. Default 10,000 (about 10 MB). */
  readonly cacheSize?: number;
  /** A key taken out of the issuer's set stops being believed after at most this long, default 5 minutes; or after an hour, while
   * the issuer cannot be asked. */
  readonly cacheTtlMs?: number;
}

/** Asymmetric algorithms alone: with a shared secret whoever verifies could also issue, and `none` proves nothing. */
const ALGORITHMS = ['ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'EdDSA'];
const LARGEST_TOKEN = 16 * 1024;

interface Verified {
  readonly principal: Principal;
  readonly verifiedAt: number;
}

/**
 * Verifies bearer tokens against the issuer's published keys and remembers those that were good, because checking a
 * signature costs more than the rest of a call. The expiry of a remembered token is checked each time.
 */
export class TokenVerifier {
  private readonly keys: IssuerKeys;
  private readonly cache = new Map<string, Verified>();
  private readonly pending = new Map<string, Promise<Principal>>();
  private readonly cacheSize: number;
  private readonly cacheTtlMs: number;

  constructor(private readonly options: TokenVerifierOptions) {
    this.cacheSize = options.cacheSize ?? 10_000;
    // A token verified with the oldest keys is believed for as long again, so each gets one half.
    this.cacheTtlMs = (options.cacheTtlMs ?? 5 * 60_000) / 2;
    this.keys = new IssuerKeys({ url: options.jwksUrl, clock: options.clock, maxAgeMs: this.cacheTtlMs });
  }

  /** Takes the value of an `authorization` header; throws or rejects as `verify` does. */
  verifyHeader(authorization: string): Principal | Promise<Principal> {
    const token = bearerToken(authorization);
    if (token === undefined) throw refusal('TOKEN_MISSING', 'the authorization header holds no bearer token');
    return this.verify(token);
  }

  /**
   * Answers at once for a token verified before, else by a promise. Throws or rejects with DomainError of kind
   * `unauthenticated` (TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_AUDIENCE, TOKEN_ISSUER) or `unavailable` (KEYS_UNAVAILABLE).
   */
  verify(token: string): Principal | Promise<Principal> {
    const known = this.cache.get(token);
    if (known !== undefined) {
      const now = this.options.clock.now();
      if (now >= known.principal.expiresAt * 1000) {
        this.cache.delete(token);
        throw refusal('TOKEN_EXPIRED', 'the token has expired');
      }
      if (now - known.verifiedAt < this.cacheTtlMs) return known.principal;
      this.cache.delete(token);
    }
    return this.verifyAnew(token);
  }

  private verifyAnew(token: string): Promise<Principal> {
    if (token.length > LARGEST_TOKEN) throw refusal('TOKEN_INVALID', `a token is at most ${LARGEST_TOKEN} bytes`);
    const running = this.pending.get(token);
    if (running !== undefined) return running;
    const verification = this.check(token).finally(() => this.pending.delete(token));
    this.pending.set(token, verification);
    return verification;
  }

  private async check(token: string): Promise<Principal> {
    const { issuer, audience, clock } = this.options;
    let payload: JWTPayload;
    try {
      const currentDate = new Date(clock.now());
      const verified = await jwtVerify(token, this.keys.find, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        currentDate,
      });
      payload = verified.payload;
    } catch (error) {
      throw explain(error);
    }
    const principal = principalOf(token, payload);
    this.remember(token, principal);
    return principal;
  }

  private remember(token: string, principal: Principal): void {
    if (this.cache.size >= this.cacheSize) {
      const oldest = this.cache.keys().next();
      if (oldest.done !== true) this.cache.delete(oldest.value);
    }
    this.cache.set(token, { principal, verifiedAt: this.options.clock.now() });
  }
}

/** The token of `Bearer …`, or undefined. */
export function bearerToken(authorization: string): string | undefined {
  if (authorization.length < 8 || authorization.slice(0, 7).toLowerCase() !== 'bearer ') return undefined;
  return authorization.slice(7).trim();
}

function principalOf(token: string, payload: JWTPayload): Principal {
  if (typeof payload.sub !== 'string' || payload.sub === '')
    throw refusal('TOKEN_INVALID', 'the token names no subject');
  if (typeof payload.exp !== 'number') throw refusal('TOKEN_INVALID', 'the token has no expiry');
  const scope = typeof payload['scope'] === 'string' ? payload['scope'].split(' ').filter((name) => name !== '') : [];
  return { subject: payload.sub, scopes: new Set(scope), token, expiresAt: payload.exp };
}

function explain(error: unknown): DomainError {
  if (error instanceof errors.JWTExpired) return refusal('TOKEN_EXPIRED', 'the token has expired');
  if (error instanceof errors.JWTClaimValidationFailed) return explainClaim(error.claim);
  if (isFaultOfIssuer(error)) {
    return new DomainError('KEYS_UNAVAILABLE', 'the keys of the token issuer cannot be read', {
      kind: 'unavailable',
      retryAfterMs: 1000,
      cause: error,
    });
  }
  return refusal('TOKEN_INVALID', 'the token cannot be verified');
}

function explainClaim(claim: string): DomainError {
  if (claim === 'aud') return refusal('TOKEN_AUDIENCE', 'the token is meant for another audience');
  if (claim === 'iss') return refusal('TOKEN_ISSUER', 'the token comes from another issuer');
  return refusal('TOKEN_INVALID', `the token's claim ${claim} does not hold`);
}

function refusal(code: string, message: string): DomainError {
  return new DomainError(code, message, { kind: 'unauthenticated' });
}
