import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { exportJWK, generateKeyPair, SignJWT } from 'jose';

const KEY_ID = 'bench';
const ISSUER = 'rookery-bench';
const AUDIENCE = 'rookery';

/** Issues one ES256 token and publishes the key that proves it. */
export interface TokenIssuer {
  readonly token: string;
  /** What a service is told to trust it. */
  readonly settings: Readonly<Record<string, string>>;
  close(): void;
}

export async function startTokenIssuer(scope: string): Promise<TokenIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'ES256', use: 'sig' }] });
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(keys);
  });
  const port = await listen(server);
  const token = await new SignJWT({ scope })
    .setProtectedHeader({ alg: 'ES256', kid: KEY_ID })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject('bench')
    .setExpirationTime('1h')
    .sign(privateKey);
  return {
    token,
    settings: {
      AUTH_JWKS_URL: `http://127.0.0.1:${port}/keys.json`,
      AUTH_ISSUER: ISSUER,
      AUTH_AUDIENCE: AUDIENCE,
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
