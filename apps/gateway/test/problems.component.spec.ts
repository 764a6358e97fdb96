import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError, type ErrorKind } from '@rookery/runtime';

import { type RunningEdge } from './edge-harness.js';
import { startLibrary } from './library.js';
import { statusOf } from './status-of.js';

let edge: RunningEdge;

beforeAll(async () => {
  edge = await startLibrary();
});

afterAll(() => edge.server.close());

beforeEach(() => {
  edge.providers.calls.length = 0;
  edge.providers.answer = () => new Uint8Array(0);
});

const json = { 'content-type': 'application/json' };

interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly instance: string;
  readonly violations?: readonly { field: string; description: string }[];
}

async function problem(path: string, init: RequestInit = {}): Promise<{ response: Response; body: Problem }> {
  const response = await fetch(edge.url + path, init);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const body = (await response.json()) as Problem;
  expect(body.status).toBe(response.status);
  return { response, body };
}

describe('a caller who is not let in', () => {
  it.each<[string, string | undefined, number, string, string]>([
    ['without a token', undefined, 401, 'TOKEN_MISSING', 'Bearer realm="rookery"'],
    ['with another scheme', 'Basic YTpi', 401, 'TOKEN_INVALID', 'error="invalid_token"'],
    ['with an expired token', 'Bearer expired', 401, 'TOKEN_EXPIRED', 'error_description="the token has expired"'],
    [
      'with a token without the scope',
      'Bearer ann=other',
      403,
      'SCOPE_MISSING',
      'error="insufficient_scope", scope="library:read"',
    ],
  ])('%s', async (_name, authorization, status, code, challenge) => {
    const { response, body } = await problem(
      '/v1/books/moby',
      authorization === undefined ? {} : { headers: { authorization } },
    );
    expect([response.status, body.code]).toEqual([status, code]);
    expect(response.headers.get('www-authenticate')).toContain(challenge);
    expect(edge.providers.calls).toHaveLength(0);
  });

  it('is told which scope is missing', async () => {
    const headers = { ...json, authorization: 'Bearer ann=library:read' };
    const { body } = await problem('/v1/shelves/1/books', { method: 'POST', headers, body: '{}' });
    expect(body.detail).toBe('the token lacks the scope library:write');
  });

  it('is refused for a bad token also where none is needed', async () => {
    const { body } = await problem('/v1/books:search', { headers: { authorization: 'Bearer expired' } });
    expect(body.code).toBe('TOKEN_EXPIRED');
  });
});

describe('a body that is refused', () => {
  it.each<[string, string, Record<string, string>, number, string]>([
    ['no JSON', '{"name":', json, 400, 'BODY_MALFORMED'],
    ['no object', '[1]', json, 400, 'REQUEST_INVALID'],
    ['too large', JSON.stringify({ title: 'x'.repeat(70_000) }), json, 413, 'BODY_TOO_LARGE'],
    ['another type', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'MEDIA_TYPE_UNSUPPORTED'],
    [
      'another character set',
      '{}',
      { 'content-type': 'application/json; charset=latin1' },
      415,
      'MEDIA_TYPE_UNSUPPORTED',
    ],
    ['half a type', '{}', { 'content-type': 'json' }, 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['packed', '{}', { 'content-encoding': 'gzip' }, 415, 'CONTENT_ENCODING_UNSUPPORTED'],
  ])('%s', async (_name, body, headers, status, code) => {
    const answer = await problem('/v1/books/moby', { method: 'PUT', headers, body });
    expect([answer.response.status, answer.body.code]).toEqual([status, code]);
    expect(edge.providers.calls).toHaveLength(0);
  });

  it('is told of the field', async () => {
    const unknown = await problem('/v1/books/moby', { method: 'PUT', headers: json, body: '{"colour":1}' });
    expect(unknown.body.violations).toEqual([{ field: 'colour', description: 'the contract has no such field' }]);
    const wrong = await problem('/v1/echo', {
      method: 'POST',
      headers: json,
      body: '{"leaves":[{},{"weight":"heavy"}]}',
    });
    expect(wrong.body).toMatchObject({ type: 'urn:rookery:problem:request-invalid', title: 'Request invalid' });
    expect(wrong.body.violations?.map(({ field }) => field)).toEqual(['leaves[1].weight']);
  });

  it('may come as any JSON type, in chunks, or not at all', async () => {
    const send = async (
      headers: Record<string, string>,
      body: string | ReadableStream | undefined,
    ): Promise<number> => {
      const init = { method: 'PUT', headers, ...(body === undefined ? {} : { body, duplex: 'half' }) } as RequestInit;
      return statusOf(`${edge.url}/v1/books/moby`, init);
    };
    expect(await send({ 'content-type': 'application/merge-patch+json; charset=UTF-8' }, '{"pages":1}')).toBe(200);
    expect(await send(json, new Blob(['{"pages":', '1}']).stream())).toBe(200);
    expect(await send(json, undefined)).toBe(200);
    expect(await send({}, undefined)).toBe(200);
  });
});

describe('the time that a caller grants', () => {
  it.each<[string, Record<string, string>, number]>([
    ['nothing said', {}, 10_000],
    ['Grpc-Timeout', { 'grpc-timeout': '250m' }, 249],
    ['Request-Timeout', { 'request-timeout': '1.5' }, 1499],
    ['more than the gateway allows', { 'grpc-timeout': '1H' }, 10_000],
  ])('%s', async (_name, headers, timeoutMs) => {
    await statusOf(`${edge.url}/v1/books:search`, { headers });
    expect(edge.providers.last.options.timeoutMs).toBe(timeoutMs);
  });

  it.each([{ 'grpc-timeout': '1m' }, { 'grpc-timeout': '0n' }, { 'request-timeout': '0.001' }])(
    'is too short: %j',
    async (headers) => {
      const { body } = await problem('/v1/books:search', { headers });
      expect([body.status, body.code]).toEqual([504, 'DEADLINE_EXCEEDED']);
    },
  );

  it.each([{ 'grpc-timeout': '5' }, { 'grpc-timeout': '123456789m' }, { 'request-timeout': '-1' }])(
    'makes no sense: %j',
    async (headers) => {
      const { body } = await problem('/v1/books:search', { headers });
      expect([body.status, body.code]).toEqual([400, 'TIMEOUT_INVALID']);
    },
  );
});

describe("a provider's error", () => {
  it.each<[ErrorKind, number]>([
    ['cancelled', 499],
    ['unknown', 500],
    ['invalid-argument', 400],
    ['deadline-exceeded', 504],
    ['not-found', 404],
    ['already-exists', 409],
    ['permission-denied', 403],
    ['resource-exhausted', 429],
    ['failed-precondition', 400],
    ['aborted', 409],
    ['out-of-range', 400],
    ['unimplemented', 501],
    ['internal', 500],
    ['unavailable', 503],
    ['data-loss', 500],
    ['unauthenticated', 401],
  ])('%s becomes %i', async (kind, status) => {
    edge.providers.answer = () =>
      Promise.reject(new DomainError('SOME_REASON', 'why', { kind, metadata: { sku: 'tea' } }));
    const { response, body } = await problem('/v1/books:search');
    expect(body).toMatchObject({ status, code: 'SOME_REASON', detail: 'why', metadata: { sku: 'tea' } });
    expect(response.headers.has('retry-after')).toBe(status === 503 || status === 429);
    expect(response.headers.has('www-authenticate')).toBe(status === 401);
  });

  it('passes on how long to wait', async () => {
    edge.providers.answer = () =>
      Promise.reject(new DomainError('BUSY', 'busy', { kind: 'unavailable', retryAfterMs: 2500 }));
    expect((await problem('/v1/books:search')).response.headers.get('retry-after')).toBe('3');
  });

  it('that nobody meant to show stays inside', async () => {
    edge.providers.answer = () => Promise.reject(new TypeError('secret of line 7'));
    const { body } = await problem('/v1/books:search');
    expect(body).toEqual({
      type: 'urn:rookery:problem:internal',
      title: 'Internal',
      status: 500,
      detail: 'internal error',
      instance: expect.stringMatching(/^urn:rookery:trace:[0-9a-f]{32}$/) as unknown as string,
      code: 'INTERNAL',
    });
  });

  it('that makes no message is INTERNAL too', async () => {
    edge.providers.answer = () => Uint8Array.of(0x0a, 0xff);
    expect((await problem('/v1/books:search')).body).toMatchObject({ status: 500, code: 'INTERNAL' });
  });
});

describe('what reaches the provider', () => {
  it('is the verified token, the trace, and metadata from the allow-list alone', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const response = await fetch(`${edge.url}/v1/books/moby`, {
      headers: {
        authorization: 'Bearer ann=library:read',
        traceparent,
        tracestate: 'vendor=1, other=2',
        'grpc-metadata-tracestate': 'forged=1',
        'grpc-metadata-tenant': 'blue',
        'grpc-metadata-blob-bin': 'AQI=',
        'grpc-metadata-x-rookery-principal': 'root',
        'grpc-metadata-authorization': 'Bearer root',
        'grpc-metadata-grpc-timeout': '1n',
        'x-rookery-principal': 'root',
        'x-forwarded-user': 'root',
      },
    });
    await response.text();
    const { options } = edge.providers.last;
    expect(options.token).toBe('ann=library:read');
    expect(options.metadata).toEqual({ tenant: 'blue', 'blob-bin': Buffer.of(1, 2) });
    expect(options.tracestate).toBe('vendor=1,other=2');
    expect(options.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/);
    expect(response.headers.get('traceresponse')).toBe(options.traceparent);
  });

  it('ends when the client goes away', async () => {
    const controller = new AbortController();
    const aborted = new Promise<void>((resolve) => {
      edge.providers.answer = ({ options }) => {
        options.signal?.addEventListener('abort', () => resolve());
        controller.abort();
        return new Promise(() => undefined);
      };
    });
    await expect(fetch(`${edge.url}/v1/books:search`, { signal: controller.signal })).rejects.toThrow();
    await aborted;
  });
});
