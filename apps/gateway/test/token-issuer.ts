import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { SignJWT, exportJWK, generateKeyPair } from 'jose';

export interface TokenIssuer {
  readonly jwksUrl: string;
  /** A token for the audience `rookery` of the issuer `test-issuer`, unless claims say otherwise. */
  token(scope: string, claims?: Record<string, unknown>): Promise<string>;
  /** The same without a signature. */
  unsigned(scope: string): string;
  close(): void;
}

/** Signs tokens with a key of its own and publishes it as a JWKS. */
export async function startTokenIssuer(): Promise<TokenIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }] });
  const server: Server = createServer((_request, response) =>
    response.setHeader('content-type', 'application/json').end(keys),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const claimsOf = (scope: string, claims: Record<string, unknown>): Record<string, unknown> => {
    return {
      iss: 'test-issuer',
      aud: 'rookery',
      sub: 'ann',
      exp: Math.floor(Date.now() / 1000) + 600,
      scope,
      ...claims,
    };
  };
  return {
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    token: (scope, claims = {}) =>
      new SignJWT(claimsOf(scope, claims)).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(privateKey),
    unsigned: (scope) => {
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      return `${part({ alg: 'none', typ: 'JWT' })}.${part(claimsOf(scope, {}))}.`;
    },
    close: () => server.close(),
  };
}
