import { connect } from 'node:net';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';
import { until } from '@rookery/testkit';

import { type RunningEdge, encodeAs } from './edge-harness.js';
import { library, startLibrary } from './library.js';
import { statusOf } from './status-of.js';

let edge: RunningEdge;

beforeAll(async () => {
  edge = await startLibrary();
});

afterAll(() => edge.server.close());

/** All that comes back on a connection on which `text` was sent; it must be one that the edge closes. */
function raw(text: string, port = edge.port): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

function expectProblem(answer: string, status: string, code: string): void {
  expect(answer.split('\r\n', 1)).toEqual([`HTTP/1.1 ${status}`]);
  expect(answer).toContain('application/problem+json');
  expect(answer).toContain(`"code":"${code}"`);
}

describe('what is no request', () => {
  it.each([
    ['garbage', 'HELLO\r\n\r\n', '400 Bad Request', 'REQUEST_MALFORMED'],
    ['a request without a host', 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n', '400 Bad Request', 'REQUEST_MALFORMED'],
    [
      'headers without end',
      `GET / HTTP/1.1\r\nhost: x\r\nbig: ${'x'.repeat(20_000)}\r\n\r\n`,
      '431 Request Header Fields Too Large',
      'HEADERS_TOO_LARGE',
    ],
    ['a tunnel', 'CONNECT x:443 HTTP/1.1\r\nhost: x:443\r\n\r\n', '405 Method Not Allowed', 'METHOD_NOT_ALLOWED'],
    [
      'two lengths',
      'PUT /v1/books/a HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}',
      '400 Bad Request',
      'REQUEST_MALFORMED',
    ],
    [
      'a length beside chunks',
      'PUT /v1/books/a HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      '400 Bad Request',
      'REQUEST_MALFORMED',
    ],
  ])('%s is answered as a problem and the connection closed', async (_name, text, status, code) => {
    expectProblem(await raw(text), status, code);
  });
});

describe('what does not come in time', () => {
  let hasty: RunningEdge;

  beforeAll(async () => {
    hasty = await startLibrary({ requestMs: 300, headersMs: 200 });
  });

  afterAll(() => hasty.server.close());

  it.each([
    ['a request that never ends', 'GET / HTTP/1.1\r\nhost: x\r\n'],
    ['a connection on which nothing comes', ''],
    ['a body that never ends', 'PUT /v1/books/a HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{'],
  ])('%s is answered as a problem and the connection closed', async (_name, text) => {
    expectProblem(await raw(text, hasty.port), '408 Request Timeout', 'REQUEST_TIMEOUT');
  });
});

describe('what HTTP allows and few clients do', () => {
  const close = 'host: x\r\nconnection: close\r\n';

  /** The status lines, in order. */
  async function statuses(text: string): Promise<readonly string[]> {
    return [...(await raw(text)).matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status ?? '');
  }

  it.each<[string, string, readonly string[]]>([
    ['a whole URL', `GET http://x/v1/titles HTTP/1.1\r\n${close}\r\n`, ['200']],
    ['a whole URL without a path', `GET http://x?a=b HTTP/1.1\r\n${close}\r\n`, ['404']],
    ['HTTP/1.0', 'GET /v1/titles HTTP/1.0\r\n\r\n', ['200']],
    [
      'requests in a row',
      `GET /v1/titles HTTP/1.1\r\nhost: x\r\n\r\nGET /v1/titles HTTP/1.1\r\n${close}\r\n`,
      ['200', '200'],
    ],
    [
      'waiting to be asked for the body',
      `PUT /v1/books/a HTTP/1.1\r\n${close}content-length: 2\r\nexpect: 100-continue\r\n\r\n{}`,
      ['100', '200'],
    ],
    [
      'a packed transfer',
      'PUT /v1/books/a HTTP/1.1\r\nhost: x\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
      ['501'],
    ],
    [
      'two tokens, of which neither counts',
      `GET /v1/books/a HTTP/1.1\r\n${close}authorization: Bearer ann=library:read\r\nauthorization: Bearer b=c\r\n\r\n`,
      ['403'],
    ],
    [
      'an upgrade that nobody offers',
      `GET /v1/titles HTTP/1.1\r\nhost: x\r\nconnection: upgrade, close\r\nupgrade: h2c\r\n\r\n`,
      ['200'],
    ],
  ])('%s', async (_name, text, expected) => {
    expect(await statuses(text)).toEqual(expected);
  });

  it.each<[string, string, string]>([
    ['may not come', 'PUT /v1/nothing', '404'],
    ['is too large', 'PUT /v1/books/a', '413'],
  ])('a body that %s is not asked for, and the connection closed', async (_name, request, status) => {
    const head = `${request} HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999\r\nexpect: 100-continue\r\n\r\n`;
    expect(await statuses(head)).toEqual([status]);
  });
});

describe('stopping', () => {
  let stopping: RunningEdge;

  beforeEach(async () => {
    stopping = await startLibrary();
  });

  afterEach(() => stopping.server.close());

  it('ends connections as their requests are answered, and waits for those in flight', async () => {
    let release: () => void = () => undefined;
    stopping.providers.answer = () =>
      new Promise((resolve) => (release = () => resolve(encodeAs(library, 'gateway.test.ListBooksResponse', {}))));
    const waiting = fetch(`${stopping.url}/v1/books:search`);
    await until('the provider is called', () => stopping.providers.calls.length > 0);
    stopping.server.beginDrain();
    const closed = stopping.server.close();
    expect(stopping.tally.inFlight).toBe(1);
    release();
    const response = await waiting;
    expect([response.status, response.headers.get('connection')]).toEqual([200, 'close']);
    await closed;
    expect(stopping.tally.inFlight).toBe(0);
    await expect(fetch(`${stopping.url}/v1/books:search`)).rejects.toThrow();
  });

  it('waits only a moment for the rest of a request', async () => {
    const late = raw('PUT /v1/books/a HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{', stopping.port);
    await until('the connection is there', () => stopping.tally.accepted > 0);
    await stopping.server.close();
    expect(await late).toBe('');
    await until('nothing is in flight', () => stopping.tally.inFlight === 0);
  });

  it('does not wait for a connection on which nothing was ever asked', async () => {
    const silent = connect(stopping.port, '127.0.0.1');
    const isClosed = new Promise((resolve) => silent.on('close', resolve));
    // The server has taken it once it has answered one that came later.
    await statusOf(`${stopping.url}/v1/books:search`);
    await stopping.server.close();
    await isClosed;
    expect(silent.bytesRead).toBe(0);
  });
});

describe('the log', () => {
  let quiet: RunningEdge;

  beforeAll(async () => {
    quiet = await startLibrary();
  });

  afterAll(() => quiet.server.close());

  it('warns of routes that are still being read only once a request has found one', async () => {
    const young = await startLibrary();
    young.isComplete = false;
    for (const path of ['/nowhere', '/v1/echo', '/nowhere']) await statusOf(young.url + path);
    await young.server.close();
    const problem = { text: 'GET without a route: 503', path: '/nowhere' };
    expect(young.lines).toMatchObject([
      { level: 'info', ...problem },
      { level: 'warn', ...problem },
    ]);
  });

  it('tells of what went wrong alone, without the query, and not without bound', async () => {
    quiet.providers.answer = () => Promise.reject(new DomainError('DOWN', 'down', { kind: 'unavailable' }));
    await statusOf(`${quiet.url}/v1/books:search?shelf=secret`);
    await statusOf(`${quiet.url}/nowhere`);
    const line = {
      text: 'GET /v1/books:search: 503',
      route: 'GET /v1/books:search',
      path: '/v1/books:search',
      status: 503,
      problem: 'down',
    };
    expect(quiet.lines).toEqual([expect.objectContaining(line)]);
    await until('lines are left out, and that is said', async () => {
      await Promise.all(Array.from({ length: 80 }, () => statusOf(`${quiet.url}/v1/books:search`)));
      return quiet.lines.some((later) => 'linesLeftOutBefore' in later);
    });
  });
});
