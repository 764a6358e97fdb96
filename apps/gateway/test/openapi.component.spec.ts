import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type RunningEdge } from './edge-harness.js';
import { startLibrary } from './library.js';

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly requestBody?: { readonly content: Record<string, { schema: object }> };
  readonly responses: Record<string, { content: Record<string, { schema: object }> }>;
  readonly security: readonly object[];
}

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, { properties?: Record<string, object> }> };
}

let edge: RunningEdge;
let document: Document;

beforeAll(async () => {
  edge = await startLibrary();
  const response = await fetch(`${edge.url}/openapi.json`);
  expect(response.headers.get('content-type')).toBe('application/json');
  document = (await response.json()) as Document;
});

afterAll(() => edge.server.close());

function operation(path: string, method: string): Operation {
  const found = document.paths[path]?.[method];
  if (found === undefined) throw new Error(`${method} ${path} is not described`);
  return found;
}

describe('/openapi.json', () => {
  it('describes every open route once, and none that is closed or takes a stream', () => {
    expect(document.openapi).toBe('3.1.0');
    const paths = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((one) => `${one} ${path}`),
    );
    expect(paths).toContain('get /v1/shelves/{name_1}/books/{name_2}');
    expect(paths).toContain('get /v1/files/{name}');
    expect(paths).toContain('post /v1/books/{name}:archive');
    expect(paths).toContain('patch /v1/books/{name}');
    expect(paths.filter((path) => /internal|silent|misbound|openapi|import/.test(path))).toEqual([]);
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map((one) => one.operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('names what a path, a query and a body may hold', () => {
    const list = operation('/v1/shelves/{shelf}/books', 'get');
    const names = list.parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
    expect(names).toEqual(
      expect.arrayContaining(['path shelf', 'query pageSize', 'query authors', 'query filter.minPages']),
    );
    expect(names).not.toContain('query shelf');
    const create = operation('/v1/shelves/{shelf}/books', 'post');
    expect(create.requestBody?.content['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/gateway.test.Book',
    });
    expect(create.parameters.map((parameter) => parameter.name)).toEqual(['shelf', 'requestId']);
    expect(create.security).toEqual([{ bearer: ['library:read', 'library:write'] }]);
    expect(list.security).toEqual([]);
  });

  it('gives a variable of several segments a parameter for each place that is open', () => {
    const names = (path: string): readonly string[] => operation(path, 'get').parameters.map(({ name }) => name);
    expect(names('/v1/shelves/{name_1}/books/{name_2}')).toEqual(['name_1', 'name_2']);
    expect(names('/v1/books/{name}')).toEqual(['name']);
  });

  it('holds paths that differ in names alone for one', () => {
    expect(Object.keys(document.paths).filter((path) => /^\/v1\/books\/\{\w+\}$/.test(path))).toEqual([
      '/v1/books/{name}',
    ]);
    expect(operation('/v1/books/{name}', 'post').parameters.map(({ name }) => name)).toEqual(['name']);
  });

  it('takes a number for an enum value without a name, as the gateway does', () => {
    const { schemas } = document.components;
    expect(schemas['gateway.test.Colour']).toMatchObject({ anyOf: [{ type: 'string' }, { type: 'integer' }] });
  });

  it('says what is answered, a single field of the response too', () => {
    const titles = operation('/v1/titles', 'get').responses;
    const items = { $ref: '#/components/schemas/gateway.test.Book' };
    expect(titles['200']?.content['application/json']?.schema).toEqual({ type: 'array', items });
    expect(titles['default']?.content['application/problem+json']?.schema).toEqual({
      $ref: '#/components/schemas/Problem',
    });
  });

  it('says what is streamed, as events and as lines', () => {
    const content = operation('/v1/books:watch', 'get').responses['200']?.content;
    expect(Object.keys(content ?? {})).toEqual(['text/event-stream', 'application/x-ndjson']);
    const message = { $ref: '#/components/schemas/gateway.test.Book' };
    expect(content?.['text/event-stream']?.schema).toMatchObject({ anyOf: [message, {}, {}, {}] });
    expect(content?.['application/x-ndjson']?.schema).toMatchObject({
      oneOf: [{ properties: { result: message } }, {}, {}, {}],
    });
  });

  it('refers to nothing that is not there', () => {
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
      (match) => match[1] ?? '',
    );
    expect(references.filter((name) => document.components.schemas[name] === undefined)).toEqual([]);
    expect(document.components.schemas['gateway.test.EveryKind']?.properties).toMatchObject({
      anInt64: { type: 'string', format: 'int64' },
      nested: { $ref: '#/components/schemas/gateway.test.EveryKind' },
      stringMap: { type: 'object', additionalProperties: { type: 'string' } },
      timestamp: { type: 'string', format: 'date-time' },
    });
  });

  it('cannot be changed, only read', async () => {
    const response = await fetch(`${edge.url}/openapi.json`, { method: 'POST' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });
});
