import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose';

export const ISSUER = 'https://issuer.test';
export const AUDIENCE = 'rookery';

/** What a token says, where it differs from a good one. */
export interface Claims {
  readonly sub?: string;
  readonly aud?: string;
  readonly iss?: string;
  readonly scope?: string;
  /** Seconds since the epoch; null leaves the claim out. */
  readonly exp?: number | null;
  readonly nbf?: number;
}

/** A token issuer whose keys and health a test decides. */
export class TestIssuer {
  /** How often the keys were fetched. */
  fetches = 0;
  /** What is answered instead of the keys. */
  fault: { readonly status: number; readonly body: string } | undefined;
  private published: JWK[] = [];
  private current: CryptoKey | undefined;
  private publicKey = '';
  private kid = 0;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((_request, reply) => {
      this.fetches++;
      const { status, body } = this.fault ?? { status: 200, body: JSON.stringify({ keys: this.published }) };
      reply.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
  }

  static async start(): Promise<TestIssuer> {
    const issuer = new TestIssuer();
    await issuer.rotate();
    await new Promise<void>((resolve) => issuer.server.listen(0, '127.0.0.1', resolve));
    return issuer;
  }

  get jwksUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/jwks`;
  }

  /** The public key as text, which an attacker has too. */
  get publicPem(): string {
    return this.publicKey;
  }

  /** Signs with a new key from now on; keys before the last are no longer published. */
  async rotate(): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    this.kid++;
    this.current = privateKey;
    this.publicKey = await exportSPKI(publicKey);
    this.published = [{ ...(await exportJWK(publicKey)), kid: String(this.kid), alg: 'ES256' }];
  }

  async token(claims: Claims = {}): Promise<string> {
    if (this.current === undefined) throw new Error('the issuer has no key');
    return this.sign(claims)
      .setProtectedHeader({ alg: 'ES256', kid: String(this.kid) })
      .sign(this.current);
  }

  /** Signed with a shared secret. */
  async symmetric(secret: string): Promise<string> {
    return this.sign({})
      .setProtectedHeader({ alg: 'HS256', kid: String(this.kid) })
      .sign(Buffer.from(secret));
  }

  /** Not signed at all. */
  unsigned(): string {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const payload = { sub: 'mallory', iss: ISSUER, aud: AUDIENCE, exp: 4_000_000_000, scope: 'pricing:read' };
    return `${part({ alg: 'none' })}.${part(payload)}.`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private sign({ sub = 'alice', aud = AUDIENCE, iss = ISSUER, scope = 'pricing:read', exp, nbf }: Claims): SignJWT {
    const jwt = new SignJWT({ scope }).setSubject(sub).setAudience(aud).setIssuer(iss);
    if (exp !== null) jwt.setExpirationTime(exp ?? Math.floor(Date.now() / 1000) + 600);
    if (nbf !== undefined) jwt.setNotBefore(nbf);
    return jwt;
  }
}
