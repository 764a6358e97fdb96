import { readFile, writeFile } from 'node:fs/promises';
import { calculateJwkThumbprint, type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';

/** What the key ids of this issuer begin with, so that a production gateway can refuse them by sight. */
export const DEV_KEY_PREFIX = 'rookery-dev-';

export interface SigningKey {
  readonly id: string;
  readonly privateKey: CryptoKey;
  /** As published at the JWKS endpoint. */
  readonly publicJwk: JWK;
}

/** A new key pair that exists in this process only. */
export async function newSigningKey(): Promise<SigningKey> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  return fromPrivateJwk(await exportJWK(pair.privateKey));
}

/**
 * The key kept in `file`, made if there is none: an issuer that was restarted signs with the same key, so the tokens
 * given out before stay good. Readable by its owner only.
 */
export async function keptSigningKey(file: string): Promise<SigningKey> {
  const kept = await readIfThere(file);
  if (kept !== undefined) return fromPrivateJwk(JSON.parse(kept) as JWK);
  const pair = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(pair.privateKey);
  await writeFile(file, JSON.stringify(jwk), { mode: 0o600 });
  return fromPrivateJwk(jwk);
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function fromPrivateJwk(jwk: JWK): Promise<SigningKey> {
  const { d: _secret, ...publicPart } = jwk;
  const id = `${DEV_KEY_PREFIX}${(await calculateJwkThumbprint(publicPart)).slice(0, 12)}`;
  const privateKey = (await importJWK(jwk, 'ES256')) as CryptoKey;
  return { id, privateKey, publicJwk: { ...publicPart, kid: id, alg: 'ES256', use: 'sig' } };
}
