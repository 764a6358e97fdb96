import { createHash, timingSafeEqual } from 'node:crypto';
import * as contracts from '@rookery/contracts/nest';
import { type Clock, DomainError } from '@rookery/runtime';
import { type JSONWebKeySet, SignJWT } from 'jose';
import type { SigningKey } from './signing-key.js';

/** Somebody who may ask for tokens with a secret. */
export interface DevClient {
  readonly id: string;
  readonly secret: string;
  /** What it gets when it asks for nothing in particular. */
  readonly scopes: readonly string[];
  /** It may ask for every scope there is, also for those of a service that is written only now. */
  readonly mayAskForAny?: true;
}

/** Everybody who reads this may use them: they open nothing but a cluster for trying out. */
export const devClients: readonly DevClient[] = [
  { id: 'shopper', secret: 'shopper-secret', scopes: ['orders:read', 'orders:write', 'pricing:read'] },
  {
    id: 'storefront',
    secret: 'storefront-secret',
    scopes: ['inventory:read', 'inventory:write', 'orders:read', 'orders:write', 'pricing:read'],
  },
  { id: 'orders', secret: 'orders-secret', scopes: ['pricing:read'] },
  { id: 'operator', secret: 'operator-secret', scopes: contractScopes(), mayAskForAny: true },
  { id: 'guest', secret: 'guest-secret', scopes: [] },
];

export interface TokenRequest {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Separated by spaces; all scopes of the client when undefined. */
  readonly scope?: string | undefined;
  readonly audience?: string | undefined;
  /** Seconds, 1 to 86 400. */
  readonly expiresIn?: number | undefined;
}

export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
  readonly scope: string;
}

const LIFETIME_S = 3600;
const MAX_LIFETIME_S = 86_400;

/** Gives out tokens by OAuth 2.0 client credentials (RFC 6749, 4.4). For development: the clients are public. */
export class TokenIssuer {
  private readonly clients: ReadonlyMap<string, DevClient>;

  constructor(
    private readonly key: SigningKey,
    private readonly issuer: string,
    private readonly clock: Clock,
    clients: readonly DevClient[] = devClients,
  ) {
    this.clients = new Map(clients.map((client) => [client.id, client]));
  }

  keys(): JSONWebKeySet {
    return { keys: [this.key.publicJwk] };
  }

  /** Rejects with a `DomainError` whose code is the OAuth error in capitals. */
  async issue(request: TokenRequest): Promise<TokenAnswer> {
    const client = this.authenticate(request);
    const scope = this.grantedScope(client, request.scope);
    const lifetime = lifetimeOf(request.expiresIn);
    const nowS = Math.floor(this.clock.now() / 1000);
    const token = await new SignJWT({ scope })
      .setProtectedHeader({ alg: 'ES256', kid: this.key.id, typ: 'JWT' })
      .setIssuer(this.issuer)
      .setAudience(request.audience ?? 'rookery')
      .setSubject(client.id)
      .setIssuedAt(nowS)
      .setExpirationTime(nowS + lifetime)
      .sign(this.key.privateKey);
    return { access_token: token, token_type: 'Bearer', expires_in: lifetime, scope };
  }

  private authenticate({ clientId, clientSecret }: TokenRequest): DevClient {
    const client = this.clients.get(clientId);
    if (client === undefined || !isSame(client.secret, clientSecret)) {
      throw new DomainError('INVALID_CLIENT', 'no client has this id and secret', { kind: 'unauthenticated' });
    }
    return client;
  }

  private grantedScope(client: DevClient, asked: string | undefined): string {
    if (asked === undefined) return client.scopes.join(' ');
    const scopes = asked.split(' ').filter((scope) => scope !== '');
    const refused = scopes.filter((scope) => client.mayAskForAny !== true && !client.scopes.includes(scope));
    if (refused.length > 0) {
      throw new DomainError('INVALID_SCOPE', `client ${client.id} may not ask for ${refused.join(' ')}`, {
        kind: 'invalid-argument',
      });
    }
    return scopes.join(' ');
  }
}

/** Every scope that a method of the contracts asks for. */
function contractScopes(): readonly string[] {
  const definitions = Object.values<unknown>(contracts).filter(isServiceDefinition);
  return [...new Set(definitions.flatMap(({ methods }) => methods.flatMap(({ access }) => access.scopes)))].sort();
}

function isServiceDefinition(value: unknown): value is contracts.ServiceDefinition {
  return typeof value === 'object' && value !== null && 'methods' in value && 'service' in value;
}

function lifetimeOf(asked: number | undefined): number {
  if (asked === undefined) return LIFETIME_S;
  if (!Number.isInteger(asked) || asked < 1 || asked > MAX_LIFETIME_S) {
    throw new DomainError('INVALID_REQUEST', `expires_in must be a whole number from 1 to ${MAX_LIFETIME_S}`, {
      kind: 'invalid-argument',
    });
  }
  return asked;
}

function isSame(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
