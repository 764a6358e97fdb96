import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SystemClock } from '@rookery/runtime';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { DEV_KEY_PREFIX, newSigningKey } from './signing-key.js';
import { TokenIssuer } from './token-issuer.js';
import { TokenIssuerServer } from './token-issuer-server.js';

let server: TokenIssuerServer;
let base: string;

beforeAll(async () => {
  server = new TokenIssuerServer(new TokenIssuer(await newSigningKey(), 'rookery-dev-issuer', new SystemClock()));
  base = `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}`;
});

afterAll(() => server.close());

async function ask(form: Record<string, string>, headers: Record<string, string> = {}) {
  const response = await fetch(`${base}/token`, { method: 'POST', body: new URLSearchParams(form), headers });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

const shopper = { grant_type: 'client_credentials', client_id: 'shopper', client_secret: 'shopper-secret' };

describe('the token issuer', () => {
  it('gives a token that its published keys verify', async () => {
    const { status, body } = await ask(shopper);
    expect(status).toBe(200);
    const keys = createRemoteJWKSet(new URL(`${base}/.well-known/jwks.json`));
    const verified = await jwtVerify(body['access_token'] ?? '', keys, {
      issuer: 'rookery-dev-issuer',
      audience: 'rookery',
    });
    expect(verified.payload).toMatchObject({ sub: 'shopper', scope: 'orders:read orders:write pricing:read' });
    expect(verified.protectedHeader.kid).toMatch(new RegExp(`^${DEV_KEY_PREFIX}`));
  });

  it('takes credentials by HTTP basic authentication', async () => {
    const authorization = `Basic ${Buffer.from('guest:guest-secret').toString('base64')}`;
    const { status, body } = await ask({ grant_type: 'client_credentials' }, { authorization });
    expect({ status, scope: body['scope'] }).toEqual({ status: 200, scope: '' });
  });

  it('gives the life and the audience that are asked for, for trying out refusals', async () => {
    const { body } = await ask({ ...shopper, expires_in: '1', audience: 'elsewhere' });
    expect(body['expires_in']).toBe(1);
    const payload = JSON.parse(
      Buffer.from((body['access_token'] ?? '').split('.')[1] ?? '', 'base64url').toString(),
    ) as object;
    expect(payload).toMatchObject({ aud: 'elsewhere' });
  });

  it('gives the operator every scope of the contracts, and any other on request', async () => {
    const operator = { ...shopper, client_id: 'operator', client_secret: 'operator-secret' };
    expect((await ask(operator)).body['scope']?.split(' ')).toEqual(
      expect.arrayContaining(['inventory:read', 'inventory:write', 'orders:read', 'payments:read', 'pricing:read']),
    );
    expect((await ask({ ...operator, scope: 'billing:read' })).body).toMatchObject({ scope: 'billing:read' });
  });

  it('lets shoppers buy, and the storefront alone fill the shelves', async () => {
    const storefront = { ...shopper, client_id: 'storefront', client_secret: 'storefront-secret' };
    expect((await ask({ ...storefront, scope: 'inventory:write orders:write' })).status).toBe(200);
    expect((await ask({ ...shopper, scope: 'inventory:write' })).status).toBe(400);
  });

  it.each([
    ['a wrong secret', { ...shopper, client_secret: 'x' }, 401, 'invalid_client'],
    ['an unknown client', { ...shopper, client_id: 'x' }, 401, 'invalid_client'],
    ['a scope the client has not', { ...shopper, scope: 'pricing:read monitor:read' }, 400, 'invalid_scope'],
    ['another grant', { ...shopper, grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['a life that is no number', { ...shopper, expires_in: 'soon' }, 400, 'invalid_request'],
    ['a life too long', { ...shopper, expires_in: '86401' }, 400, 'invalid_request'],
    ['a body too large', { ...shopper, scope: 'x'.repeat(20_000) }, 400, 'invalid_request'],
  ])('refuses %s', async (_what, form, status, error) => {
    const answer = await ask(form);
    expect(answer).toMatchObject({ status, body: { error } });
  });

  it('answers 404 elsewhere', async () => {
    expect((await fetch(`${base}/nowhere`)).status).toBe(404);
  });
});
