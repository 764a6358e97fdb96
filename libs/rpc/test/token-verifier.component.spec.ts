import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Clock } from '@rookery/runtime';

import { TokenVerifier, type TokenVerifierOptions } from '../src/security/token-verifier.js';
import { failureOf } from './provider.js';
import { AUDIENCE, ISSUER, TestIssuer } from './test-issuer.js';

/** The real time, which a test may push forward. */
class PushedClock extends Clock {
  aheadMs = 0;

  now(): number {
    return Date.now() + this.aheadMs;
  }

  monotonic(): number {
    return performance.now() + this.aheadMs;
  }
}

let issuer: TestIssuer;
let clock: PushedClock;
const verifierOf = (options: Partial<TokenVerifierOptions> = {}): TokenVerifier =>
  new TokenVerifier({ jwksUrl: issuer.jwksUrl, issuer: ISSUER, audience: AUDIENCE, clock, ...options });
/** Verification throws at once or rejects; here it always rejects. */
const verify = async (verifier: TokenVerifier, token: string): Promise<unknown> => verifier.verify(token);

beforeEach(async () => {
  issuer = await TestIssuer.start();
  clock = new PushedClock();
});
afterEach(() => issuer.close());

describe('a token', () => {
  it('that is good names its bearer and scopes, and is remembered', async () => {
    const verifier = verifierOf();
    const token = await issuer.token({ scope: 'pricing:read  pricing:write' });
    const principal = await verifier.verify(token);
    expect(principal).toMatchObject({ subject: 'alice', token });
    expect([...principal.scopes]).toEqual(['pricing:read', 'pricing:write']);
    expect(verifier.verify(token)).toBe(principal);
  });

  const seconds = (fromNow: number): number => Math.floor(Date.now() / 1000) + fromNow;
  it.each([
    ['has expired', { exp: seconds(-10) }, 'TOKEN_EXPIRED'],
    ['is not valid yet', { nbf: seconds(3600) }, 'TOKEN_INVALID'],
    ['is meant for another audience', { aud: 'elsewhere' }, 'TOKEN_AUDIENCE'],
    ['comes from another issuer', { iss: 'https://elsewhere.test' }, 'TOKEN_ISSUER'],
    ['never expires', { exp: null }, 'TOKEN_INVALID'],
    ['names nobody', { sub: '' }, 'TOKEN_INVALID'],
  ])('that %s is refused', async (_what, claims, code) => {
    const failure = await failureOf(verify(verifierOf(), await issuer.token(claims)));
    expect(failure).toMatchObject({ code, kind: 'unauthenticated' });
  });

  it.each<[string, () => string | Promise<string>]>([
    ['is not signed', () => issuer.unsigned()],
    ['is signed with the public key as a shared secret', () => issuer.symmetric(issuer.publicPem)],
    ['is no token', () => 'abc'],
    ['is empty', () => ''],
    ['is huge', () => 'x'.repeat(17 * 1024)],
    ['was changed', async () => (await issuer.token()).replace(/\.[^.]+\./, '.eyJzdWIiOiJtYWxsb3J5In0.')],
  ])('that %s is refused', async (_what, make) => {
    const failure = await failureOf(verify(verifierOf(), await make()));
    expect(failure).toMatchObject({ code: 'TOKEN_INVALID', kind: 'unauthenticated' });
  });

  it('that was remembered expires all the same', async () => {
    const verifier = verifierOf();
    const token = await issuer.token();
    await verifier.verify(token);
    clock.aheadMs = 601_000;
    expect(await failureOf(verify(verifier, token))).toMatchObject({ code: 'TOKEN_EXPIRED' });
  });

  it('signed with a new key is taken, and with a key taken back refused after a while', async () => {
    const verifier = verifierOf({ cacheTtlMs: 2000 });
    const old = await issuer.token();
    await verifier.verify(old);
    await issuer.rotate();
    clock.aheadMs = 2000;
    // The keys are asked for at most once a second, by jose's own clock; the test's limit bounds the wait.
    let isTaken = false;
    while (!isTaken) {
      isTaken = await verify(verifier, await issuer.token()).then(
        () => true,
        () => false,
      );
    }
    expect(await failureOf(verify(verifier, old))).toMatchObject({ code: 'TOKEN_INVALID' });
  });

  it('asked about by many at once is verified once', async () => {
    const verifier = verifierOf();
    const token = await issuer.token();
    const principals = await Promise.all(Array.from({ length: 50 }, () => verify(verifier, token)));
    expect(new Set(principals).size).toBe(1);
    expect(issuer.fetches).toBe(1);
  });
});

describe('keys that cannot be had', () => {
  it.each([
    ['the issuer answers 500', { status: 500, body: 'broken' }],
    ['the issuer answers no JSON', { status: 200, body: '<html>' }],
    ['the issuer answers no keys', { status: 200, body: '{"nothing":1}' }],
  ])('because %s are no fault of the token', async (_why, fault) => {
    issuer.fault = fault;
    const failure = await failureOf(verify(verifierOf(), await issuer.token()));
    expect(failure).toMatchObject({ code: 'KEYS_UNAVAILABLE', kind: 'unavailable' });
  });

  it('because the issuer is gone are no fault either, and what was verified stays verified', async () => {
    const verifier = verifierOf();
    const known = await issuer.token();
    await verifier.verify(known);
    const cold = verifierOf();
    const token = await issuer.token();
    await issuer.close();
    expect(await failureOf(verify(cold, token))).toMatchObject({ code: 'KEYS_UNAVAILABLE' });
    expect(await verify(verifier, known)).toMatchObject({ subject: 'alice' });
    issuer = await TestIssuer.start();
  });
});

describe('keys that were had before', () => {
  const fault = { status: 500, body: 'broken' };

  it('are good for an hour while the issuer does not answer, and no longer', async () => {
    const verifier = verifierOf({ cacheTtlMs: 0 });
    await verifier.verify(await issuer.token());
    issuer.fault = fault;
    expect(await verify(verifier, await issuer.token({ sub: 'bob' }))).toMatchObject({ subject: 'bob' });
    const asked = issuer.fetches;
    expect(await verify(verifier, await issuer.token({ sub: 'carol' }))).toMatchObject({ subject: 'carol' });
    expect(issuer.fetches).toBe(asked);
    clock.aheadMs = 61 * 60_000;
    const failure = await failureOf(verify(verifier, await issuer.token({ sub: 'dave' })));
    expect(failure).toMatchObject({ code: 'KEYS_UNAVAILABLE', kind: 'unavailable' });
  });

  it('say nothing of a token that names another, which may be new', async () => {
    const verifier = verifierOf({ cacheTtlMs: 0 });
    await verifier.verify(await issuer.token());
    await issuer.rotate();
    issuer.fault = fault;
    const token = await issuer.token();
    expect(await failureOf(verify(verifier, token))).toMatchObject({ code: 'KEYS_UNAVAILABLE' });
    issuer.fault = undefined;
    expect(await verify(verifier, token)).toMatchObject({ subject: 'alice' });
  });
});

describe('the memory of a verifier', () => {
  it('is bounded: the token verified first goes first', async () => {
    const verifier = verifierOf({ cacheSize: 3 });
    const tokens = await Promise.all(['a', 'b', 'c', 'd'].map((sub) => issuer.token({ sub })));
    for (const token of tokens) await verifier.verify(token);
    const remembered = tokens.map((token) => !(verifier.verify(token) instanceof Promise));
    expect(remembered).toEqual([false, true, true, true]);
  });
});
