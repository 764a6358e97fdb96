import { connect } from 'node:net';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';

import { type RunningEdge, contractOf, encodeAs, known, provider, startEdge } from './edge-harness.js';

const library = contractOf('library.proto', 'gateway.test.Library');
let edge: RunningEdge;

beforeAll(async () => {
  edge = await startEdge([provider('library', known(library, 'a'))], { requestMs: 300, headersMs: 200 });
});

afterAll(() => edge.server.close());

describe('what is no request', () => {
  function raw(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(edge.port, '127.0.0.1', () => socket.write(text));
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk.toString()));
      socket.on('error', reject);
      socket.on('close', () => resolve(answer));
    });
  }

  it.each([
    ['garbage', 'HELLO\r\n\r\n', 400, 'REQUEST_MALFORMED'],
    [
      'headers without end',
      `GET / HTTP/1.1\r\nhost: x\r\nbig: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    ['a request that never ends', 'GET / HTTP/1.1\r\nhost: x\r\n', 408, 'REQUEST_TIMEOUT'],
    [
      'a body that never ends',
      'PUT /v1/books/a HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{',
      408,
      'REQUEST_TIMEOUT',
    ],
  ])('%s is answered as a problem and the connection closed', async (_name, text, status, code) => {
    const answer = await raw(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain('application/problem+json');
    expect(answer).toContain(`"code":"${code}"`);
  });
});

describe('stopping', () => {
  let stopping: RunningEdge;

  beforeEach(async () => {
    stopping = await startEdge([provider('library', known(library, 'a'))]);
  });

  afterEach(() => stopping.server.close());

  it('ends connections as their requests are answered, and waits for those in flight', async () => {
    let release: () => void = () => undefined;
    stopping.providers.answer = () =>
      new Promise((resolve) => (release = () => resolve(encodeAs(library, 'gateway.test.ListBooksResponse', {}))));
    const waiting = fetch(`${stopping.url}/v1/books:search`);
    while (stopping.providers.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
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
});

describe('the log', () => {
  let quiet: RunningEdge;

  beforeAll(async () => {
    quiet = await startEdge([provider('library', known(library, 'a'))]);
  });

  afterAll(() => quiet.server.close());

  it('tells of what went wrong alone, without the query, and not without bound', async () => {
    quiet.providers.answer = () => Promise.reject(new DomainError('DOWN', 'down', { kind: 'unavailable' }));
    await fetch(`${quiet.url}/v1/books:search?shelf=secret`);
    await fetch(`${quiet.url}/nowhere`);
    const line = { route: 'GET /v1/books:search', path: '/v1/books:search', status: 503, problem: 'down' };
    expect(quiet.lines).toEqual([expect.objectContaining(line)]);
    await Promise.all(Array.from({ length: 80 }, () => fetch(`${quiet.url}/v1/books:search`)));
    expect(quiet.lines.length).toBeLessThan(60);
  });
});
