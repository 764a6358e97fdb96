import { connect } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError, type ErrorKind } from '@rookery/runtime';
import { until } from '@rookery/testkit';

import { type RunningEdge, encodeAs } from './edge-harness.js';
import { library, startLibrary } from './library.js';
import { statusOf } from './status-of.js';

const FINISHED = () => encodeAs(library, 'gateway.test.ListBooksResponse', {});
let edge: RunningEdge;

beforeEach(async () => {
  edge = await startLibrary();
  edge.providers.answer = FINISHED;
});

afterEach(() => edge.server.close());

/** What the edge has reported since it was last asked: method, code and number of its calls. */
function reported(): readonly string[] {
  return edge.calls
    .take()
    .callee.flatMap(({ method, outcomes }) => outcomes.codes.map(({ code, count }) => `${method}: ${count}×${code}`));
}

function status(path: string, init: RequestInit = {}): Promise<number> {
  return statusOf(edge.url + path, init);
}

describe('what the gateway reports of its requests', () => {
  it('is a call under the template of the route', async () => {
    const headers = { authorization: 'Bearer ann=library:read' };
    expect(await status('/v1/books:search')).toBe(200);
    expect(await status('/v1/books/moby', { headers })).toBe(200);
    expect(await status('/v1/books/dick', { headers })).toBe(200);
    expect(reported()).toEqual(['HTTP GET /v1/books:search: 1×0', 'HTTP GET /v1/books/{name}: 2×0']);
  });

  it('has one name for everything without a route', async () => {
    for (let number = 0; number < 30; number++) expect(await status(`/${number}`)).toBe(404);
    expect(await status('/v1/books:search', { method: 'DELETE' })).toBe(405);
    expect(await status('/openapi.json')).toBe(200);
    expect(reported()).toEqual(['HTTP none: 1×0', 'HTTP none: 30×5', 'HTTP none: 1×12']);
  });

  it.each<[ErrorKind, number]>([
    ['unavailable', 14],
    ['internal', 13],
    ['deadline-exceeded', 4],
    ['resource-exhausted', 8],
    ['not-found', 5],
  ])('has the code of a provider that answers %s', async (kind, code) => {
    edge.providers.answer = () => {
      throw new DomainError('FAILED', 'failed', { kind });
    };
    await status('/v1/books:search');
    expect(reported()).toEqual([`HTTP GET /v1/books:search: 1×${code}`]);
  });

  it('has the code of what the gateway refuses itself', async () => {
    await status('/v1/books/moby');
    await status('/v1/books:search?nothing=1');
    await status('/v1/books:search', { headers: { 'grpc-timeout': 'soon' } });
    edge.providers.answer = () => {
      throw new Error('a defect');
    };
    await status('/v1/books:search');
    expect([...reported()].sort()).toEqual([
      'HTTP GET /v1/books/{name}: 1×16',
      'HTTP GET /v1/books:search: 1×13',
      'HTTP GET /v1/books:search: 2×3',
    ]);
  });

  it.each([
    ['never comes', 'content-length: 9\r\n\r\n{', false],
    ['is broken off', 'content-length: 9\r\n\r\n{', true],
  ])('blames the client for a body that %s', async (_name, rest, isBrokenOff) => {
    await edge.server.close();
    edge = await startLibrary({ requestMs: 300, headersMs: 200 });
    const closed = new Promise<void>((resolve) => {
      const socket = connect(edge.port, '127.0.0.1', () => {
        socket.write(`PUT /v1/books/a HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ann=library:write\r\n${rest}`);
        if (isBrokenOff) void until('it is heard', () => edge.tally.accepted > 0).then(() => socket.destroy());
      });
      socket.resume().on('close', () => resolve());
    });
    await closed;
    await until('the server hears of it', () => edge.tally.inFlight === 0);
    expect(reported()).toEqual(['HTTP PUT /v1/books/{name}: 1×3']);
  });

  it('counts a request as in flight until it is answered', async () => {
    let release: () => void = () => undefined;
    edge.providers.answer = () => new Promise((resolve) => (release = () => resolve(FINISHED())));
    const waiting = status('/v1/books:search');
    await until('the provider is called', () => edge.providers.calls.length > 0);
    expect(edge.calls.take().callee).toMatchObject([{ method: 'HTTP GET /v1/books:search', maxInFlight: 1 }]);
    release();
    expect(await waiting).toBe(200);
    expect(edge.calls.calleeSeries.of('', 'HTTP GET /v1/books:search').inFlight).toBe(0);
  });
});
