import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { type RunningEdge, decodeAs, encodeAs } from './edge-harness.js';
import { library, startLibrary } from './library.js';

let edge: RunningEdge;

beforeAll(async () => {
  edge = await startLibrary();
});

afterAll(() => edge.server.close());

beforeEach(() => {
  edge.providers.answer = () => new Uint8Array(0);
});

const reader = { authorization: 'Bearer ann=library:read' };

/** What the provider was asked, as JSON: its method and its message. */
async function asked(method: string, path: string, body?: unknown): Promise<{ method: string; request: object }> {
  edge.providers.calls.length = 0;
  const headers = { authorization: 'Bearer ann=library:read+library:write', 'content-type': 'application/json' };
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(edge.url + path, { method, headers, ...init });
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  await response.text();
  const { last } = edge.providers;
  const input = library.services[0]?.methods.find((one) => one.name === last.method.name)?.input.typeName ?? '';
  return { method: last.method.name, request: withoutZeros(decodeAs(library, input, last.message)) };
}

function withoutZeros(message: Record<string, unknown>): object {
  const zeros = ['', 0, false, '[]', '{}'];
  const isSet = (value: unknown): boolean =>
    !zeros.includes(typeof value === 'object' ? JSON.stringify(value) : (value as string));
  return Object.fromEntries(Object.entries(message).filter(([, value]) => isSet(value)));
}

describe('a path', () => {
  it.each<[string, string, string, object]>([
    ['GET', '/v1/shelves/7/books/9', 'GetBook', { name: 'shelves/7/books/9' }],
    ['GET', '/v1/books/moby', 'GetBook', { name: 'moby' }],
    ['GET', '/v1/books/a%2Fb%20c', 'GetBook', { name: 'a/b c' }],
    ['GET', '/v1/shelves/a%2Fb/books/%C3%A9', 'GetBook', { name: 'shelves/a%2Fb/books/é' }],
    ['GET', '/v1/files/a/b/c', 'ReadFile', { name: 'a/b/c' }],
    ['GET', '/v1/files', 'ReadFile', {}],
    ['GET', '/v1/books/moby:dick', 'GetBook', { name: 'moby:dick' }],
    ['GET', '/v1/books:search', 'SearchBooks', {}],
    ['POST', '/v1/books/moby:archive', 'ArchiveBook', { name: 'moby' }],
    ['DELETE', '/v1/books/moby', 'DeleteBook', { name: 'moby' }],
    ['PURGE', '/v1/books/moby', 'PurgeBook', { name: 'moby' }],
    ['GET', '/v1/shelves/7/books', 'ListBooks', { shelf: '7' }],
  ])('%s %s asks %s', async (method, path, name, request) => {
    expect(await asked(method, path)).toEqual({ method: name, request });
  });

  it.each([
    ['GET', '/v1/books/', 404, 'ROUTE_UNKNOWN'],
    ['GET', '/nowhere', 404, 'ROUTE_UNKNOWN'],
    ['GET', '/v1/internal/x', 404, 'ROUTE_UNKNOWN'],
    ['GET', '/v1/silent/x', 404, 'ROUTE_UNKNOWN'],
    ['GET', '/v1/misbound/x', 404, 'ROUTE_UNKNOWN'],
    ['GET', '/v1/books/%zz', 400, 'REQUEST_INVALID'],
    ['POST', '/v1/books:import', 501, 'STREAMING_UNSUPPORTED'],
  ])('%s %s is answered %i %s', async (method, path, status, code) => {
    const response = await fetch(edge.url + path, { method, headers: reader });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status, code });
  });

  it('without a route is answered 503 while it may still turn out to have one', async () => {
    edge.isComplete = false;
    const response = await fetch(`${edge.url}/nowhere`);
    edge.isComplete = true;
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await response.json()).toMatchObject({ status: 503, code: 'ROUTES_INCOMPLETE' });
  });

  it('with another method is answered 405 with what is allowed, and OPTIONS tells it too', async () => {
    const response = await fetch(`${edge.url}/v1/echo`, { method: 'PUT', body: '{}' });
    expect([response.status, await response.json()]).toMatchObject([405, { code: 'METHOD_NOT_ALLOWED' }]);
    expect(response.headers.get('allow')).toBe('GET, POST, HEAD, OPTIONS');
    const options = await fetch(`${edge.url}/v1/echo`, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, POST, HEAD, OPTIONS']);
  });

  it('answers HEAD like GET without a body', async () => {
    const response = await fetch(`${edge.url}/v1/shelves/7/books`, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(0);
  });
});

describe('a query', () => {
  it('sets nested, repeated and well-known fields, by both names', async () => {
    const query =
      'pageSize=5&authors=a&authors=b%20c&filter.min_pages=3&filter.or.colour=COLOUR_RED&since=2026-01-01T00:00:00Z&inPrint=true';
    expect((await asked('GET', `/v1/shelves/7/books?${query}`)).request).toEqual({
      shelf: '7',
      pageSize: 5,
      authors: ['a', 'b c'],
      filter: { minPages: 3, colour: 'COLOUR_UNSPECIFIED', or: { minPages: 0, colour: 'COLOUR_RED' } },
      since: '2026-01-01T00:00:00Z',
      inPrint: true,
    });
  });

  it('reads every scalar from text', async () => {
    const query =
      'aDouble=1.5&anInt64=9007199254740993&aBool=true&aBytes=AQI%3D&colour=1&optionalInt32=0&int64s=1&int64s=-2&aFloat=NaN';
    expect((await asked('GET', `/v1/echo?${query}`)).request).toMatchObject({
      aDouble: 1.5,
      anInt64: '9007199254740993',
      aBool: true,
      aBytes: 'AQI=',
      colour: 'COLOUR_RED',
      int64s: ['1', '-2'],
      aFloat: 'NaN',
    });
  });

  it('sets fields whose names every object inherits', async () => {
    const query = 'value_of=a&constructor=b&to_string=c&toString=d';
    const set = { valueOf: 'a', constructor: 'b', toString: ['c', 'd'] };
    expect((await asked('GET', `/v1/echo?${query}`)).request).toMatchObject(set);
  });

  it.each([
    ['/v1/shelves/7/books?nope=1', 'nope'],
    ['/v1/shelves/7/books?filter.nope=1', 'filter.nope'],
    ['/v1/shelves/7/books?shelf=8', 'shelf'],
    ['/v1/shelves/7/books?pageSize=1&page_size=2', 'page_size'],
    ['/v1/shelves/7/books?pageSize=many', 'pageSize'],
    ['/v1/shelves/7/books?inPrint=yes', 'inPrint'],
    ['/v1/shelves/7/books?filter=1', 'filter'],
    ['/v1/shelves/7/books?authors=%zz', 'authors'],
    ['/v1/echo?stringMap=1', 'stringMap'],
  ])('%s is refused and names %s', async (path, field) => {
    const response = await fetch(edge.url + path);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'REQUEST_INVALID', violations: [{ field }] });
  });
});

describe('a body', () => {
  it('fills the field that the rule names, beside path and query', async () => {
    const made = await asked('POST', '/v1/shelves/7/books?request_id=r1', { title: 'Moby', pages: 3 });
    expect(made.request).toEqual({ shelf: '7', requestId: 'r1', book: { name: '', title: 'Moby', pages: 3 } });
  });

  it('fills the whole message; the path may say the same again and nothing else', async () => {
    expect((await asked('PUT', '/v1/books/moby', { title: 'Moby' })).request).toEqual({ name: 'moby', title: 'Moby' });
    expect((await asked('PATCH', '/v1/books/moby', { name: 'moby', pages: 1 })).request).toEqual({
      name: 'moby',
      pages: 1,
    });
    const response = await fetch(`${edge.url}/v1/books/moby`, {
      method: 'PUT',
      body: '{"name":"dick"}',
      headers: { 'content-type': 'application/json' },
    });
    expect(await response.json()).toMatchObject({ status: 400, violations: [{ field: 'name' }] });
  });

  it('is not expected where the rule takes none, but an empty object does no harm', async () => {
    expect((await asked('DELETE', '/v1/books/moby', {})).request).toEqual({ name: 'moby' });
    const response = await fetch(`${edge.url}/v1/books/moby`, {
      method: 'DELETE',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json' },
    });
    expect(await response.json()).toMatchObject({ status: 400, code: 'BODY_NOT_ALLOWED' });
  });

  it('takes no query parameters where it holds everything', async () => {
    const response = await fetch(`${edge.url}/v1/echo?aString=x`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(await response.json()).toMatchObject({ status: 400, violations: [{ field: 'aString' }] });
  });

  it('of the response can be one field alone', async () => {
    edge.providers.answer = () => encodeAs(library, 'gateway.test.ListBooksResponse', { books: [{ title: 'Moby' }] });
    const response = await fetch(`${edge.url}/v1/titles`);
    expect(await response.json()).toEqual([{ name: '', title: 'Moby', pages: 0 }]);
  });
});

it('refuses to serve what the contract does not open, and says why', () => {
  expect(edge.table.refusals.map(({ http, reason }) => `${http}: ${reason}`)).toEqual([
    'GET /v1/internal/{name}: the method is internal',
    'GET /v1/silent/{name}: the contract does not say who may call (rookery.options.v1.access)',
    'GET /v1/misbound/{no_such_field}: {no_such_field}: the contract has no such parameter',
    'GET /openapi.json: the path belongs to the gateway',
  ]);
});
