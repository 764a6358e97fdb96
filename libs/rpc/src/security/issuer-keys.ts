import type { Clock } from '@rookery/runtime';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  jwksCache,
  type JWKSCacheInput,
  type JWTVerifyGetKey,
} from 'jose';

/** How long keys are believed that cannot be asked for again. */
const LAST_KNOWN_MS = 60 * 60_000;
/** After a failure the issuer is left alone for so long by tokens whose key is known. */
const REST_MS = 5000;

export interface IssuerKeysOptions {
  readonly url: string;
  readonly clock: Clock;
  /** Keys are asked for again when they are older. */
  readonly maxAgeMs: number;
}

/**
 * The public keys of a token issuer, asked for when they are needed. While the issuer does not answer, the keys that it
 * gave last are good for an hour: its restart must not lock everybody out.
 */
export class IssuerKeys {
  private readonly last: JWKSCacheInput = {};
  private readonly remote: JWTVerifyGetKey;
  private failedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: IssuerKeysOptions) {
    this.remote = createRemoteJWKSet(new URL(options.url), {
      cooldownDuration: 1000,
      timeoutDuration: 3000,
      cacheMaxAge: options.maxAgeMs,
      [jwksCache]: this.last,
    });
  }

  /** The key that a token names. Rejects as jose does; `isFaultOfIssuer` tells those cases from a token without a key. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const isResting = this.options.clock.now() - this.failedAt < REST_MS;
    const known = isResting ? await this.lastKnown(header, token) : undefined;
    if (known !== undefined) return known;
    try {
      return await this.remote(header, token);
    } catch (error) {
      if (!isFaultOfIssuer(error)) throw error;
      this.failedAt = this.options.clock.now();
      const key = await this.lastKnown(header, token);
      // A key that is not among the last known ones may be a new one.
      if (key === undefined) throw error;
      return key;
    }
  };

  private async lastKnown(
    ...asked: Parameters<JWTVerifyGetKey>
  ): Promise<Awaited<ReturnType<JWTVerifyGetKey>> | undefined> {
    const { jwks, uat = Number.NEGATIVE_INFINITY } = this.last;
    if (jwks === undefined || this.options.clock.now() - uat > LAST_KNOWN_MS) return undefined;
    try {
      return await createLocalJWKSet(jwks)(...asked);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return undefined;
      throw error;
    }
  }
}

/** No answer, one that is no set of keys, or an HTTP status other than 200, which jose tells by a generic error. */
export function isFaultOfIssuer(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  return (
    error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === errors.JOSEError.code
  );
}
