import { connect } from 'node:net';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError, type ErrorKind } from '@rookery/runtime';
import { until } from '@rookery/testkit';

import { type RunningEdge, encodeAs } from './edge-harness.js';
import { library, startLibrary } from './library.js';
import { statusOf } from './status-of.js';
import { StreamClient, type StreamRequest } from './stream-client.js';
import { BookFeed } from './streamed-library.js';

const EVENTS = { accept: 'text/event-stream' };
const MOBY = '{"name":"","title":"Moby","pages":0}';
const DICK = '{"name":"","title":"Dick","pages":0}';

let edge: RunningEdge;
let feed: BookFeed;

beforeAll(async () => {
  edge = await startLibrary();
});

afterAll(() => edge.server.close());

beforeEach(() => {
  feed = new BookFeed();
  edge.providers.answerStream = feed.answer;
});

function watch(request: StreamRequest = {}, path = '/v1/books:watch'): Promise<StreamClient> {
  return StreamClient.open(edge.url + path, request);
}

const failure = (kind: ErrorKind): DomainError => new DomainError('SOME_REASON', 'why', { kind });

describe('a stream', () => {
  it('comes as server-sent events to whoever asks for them, message by message', async () => {
    feed.book('Moby');
    const client = await watch({ headers: EVENTS });
    expect([client.status, client.header('content-type')]).toEqual([200, 'text/event-stream']);
    expect(client.header('traceresponse')).toBe(edge.providers.last.options.traceparent);
    expect(client.header('cache-control')).toBe('no-store, no-transform');
    await client.seen(`id: 1\ndata: ${MOBY}\n\n`);
    feed.book('Dick');
    await client.seen(`id: 2\ndata: ${DICK}\n\n`);
    feed.end();
    expect(await client.rest()).toBe(
      `id: 1\ndata: ${MOBY}\n\nid: 2\ndata: ${DICK}\n\nid: end\nevent: end\ndata: {}\n\n`,
    );
    expect(client.isComplete).toBe(true);
  });

  it('comes as lines to everybody else, each of which says what it is', async () => {
    feed.book('Moby');
    const client = await watch({ headers: { accept: '*/*' } });
    expect(client.header('content-type')).toBe('application/x-ndjson');
    await client.seen(`{"result":${MOBY}}\n`);
    feed.book('Dick').end();
    expect(await client.rest()).toBe(`{"result":${MOBY}}\n{"result":${DICK}}\n{"end":{}}\n`);
  });

  it('may give a single field of each message', async () => {
    edge.providers.answerStream = async function* () {
      for (const books of [[], [{ title: 'Moby' }]]) {
        yield await Promise.resolve(encodeAs(library, 'gateway.test.ListBooksResponse', { books }));
      }
    };
    const client = await watch({ headers: { authorization: 'Bearer ann=library:read' } }, '/v1/shelves/7/books:watch');
    expect(await client.rest()).toBe(`{"result":[]}\n{"result":[${MOBY}]}\n{"end":{}}\n`);
  });

  it('may be asked for with a body, under the key of its request', async () => {
    feed.book('Moby').end();
    const headers = { authorization: 'Bearer ann=library:write', 'idempotency-key': 'print-1' };
    const client = await watch({ method: 'POST', body: '{"shelf":"7"}', headers }, '/v1/books:print');
    expect(await client.rest()).toContain('{"end":{}}\n');
    expect(edge.providers.last.options.metadata).toEqual({ 'idempotency-key': 'print-1' });
  });

  it.each([
    [undefined, 'application/x-ndjson'],
    ['text/html, */*;q=0.8', 'application/x-ndjson'],
    ['application/*', 'application/x-ndjson'],
    ['text/event-stream, */*;q=0.1', 'text/event-stream'],
    ['TEXT/EVENT-STREAM; charset=utf-8', 'text/event-stream'],
    ['text/event-stream;q=0.2, application/x-ndjson', 'application/x-ndjson'],
    ['text/event-stream;q=0, */*', 'application/x-ndjson'],
    ['application/json', 'application/problem+json'],
    ['text/event-stream;q=0', 'application/problem+json'],
  ])('accepted as %j comes as %s', async (accept, type) => {
    feed.end();
    const client = await watch({ headers: accept === undefined ? {} : { accept } });
    expect([client.header('content-type'), client.status]).toEqual([type, type.includes('problem') ? 406 : 200]);
    await client.rest();
  });

  it('gives its head alone to HEAD, and asks the provider no further', async () => {
    feed.book('Moby').book('Dick');
    const client = await watch({ method: 'HEAD', headers: EVENTS });
    expect([client.status, client.header('content-type'), await client.rest()]).toEqual([200, 'text/event-stream', '']);
    await until('the call has ended', () => feed.isCancelled);
    expect(feed.taken).toBe(1);
  });

  it('comes to HTTP/1.0 without chunks, up to the end of the connection', async () => {
    feed.book('Moby').end();
    let text = '';
    const socket = connect(edge.port, '127.0.0.1', () => socket.write('GET /v1/books:watch HTTP/1.0\r\n\r\n'));
    socket.on('data', (chunk) => (text += chunk.toString()));
    await new Promise((resolve) => socket.on('close', resolve));
    expect(text).not.toContain('transfer-encoding');
    expect(text.split('\r\n\r\n')[1]).toBe(`{"result":${MOBY}}\n{"end":{}}\n`);
  });

  it('is open once the provider has been silent for a moment, and shows signs of life', async () => {
    const patient = await startLibrary({}, { beatMs: 10 });
    patient.providers.answerStream = feed.answer;
    const events = await StreamClient.open(`${patient.url}/v1/books:watch`, { headers: EVENTS });
    await events.seen(':\n\n:\n\n');
    events.leave();
    const lines = await StreamClient.open(`${patient.url}/v1/books:watch`, {});
    await lines.seen('  ');
    lines.leave();
    await patient.server.close();
  });
});

describe('what goes wrong', () => {
  it.each<[ErrorKind, number]>([
    ['not-found', 404],
    ['unavailable', 503],
  ])('before the first message is a problem with its status: %s', async (kind, status) => {
    feed.fail(failure(kind));
    const client = await watch({ headers: EVENTS });
    expect([client.status, client.header('content-type')]).toEqual([status, 'application/problem+json']);
    expect(JSON.parse(await client.rest())).toMatchObject({ status, code: 'SOME_REASON', detail: 'why' });
  });

  it('afterwards is the last event, from which a client comes back where that may help', async () => {
    feed.book('Moby').fail(failure('unavailable'));
    const text = await (await watch({ headers: EVENTS })).rest();
    expect(text).toMatch(
      /\n\nretry: 1000\nevent: error\ndata: \{"type":.*"status":503.*"instance":"urn:rookery:trace:.*\}\n\n$/,
    );
  });

  it('afterwards is the last event, which ends it where the answer would be the same', async () => {
    feed.book('Moby').fail(failure('permission-denied'));
    const text = await (await watch({ headers: EVENTS })).rest();
    expect(text).toMatch(/\n\nid: end\nevent: error\ndata: \{"type":.*"status":403.*\}\n\n$/);
  });

  it('afterwards is the last line', async () => {
    feed.book('Moby').fail(new TypeError('secret of line 7'));
    const text = await (await watch()).rest();
    expect(JSON.parse(text.split('\n')[1] ?? '')).toMatchObject({ error: { status: 500, code: 'INTERNAL' } });
    expect(text).not.toContain('secret');
  });

  it.each([
    ['a stream to the provider', '/v1/books:import', { method: 'POST' }, 501, 'STREAMING_UNSUPPORTED'],
    ['no token', '/v1/shelves/7/books:watch', {}, 401, 'TOKEN_MISSING'],
    ['a field that is not there', '/v1/books:watch?nothing=1', {}, 400, 'REQUEST_INVALID'],
    ['no time at all', '/v1/books:watch', { headers: { 'request-timeout': '0.001' } }, 504, 'DEADLINE_EXCEEDED'],
  ])('%s is refused as ever', async (_name, path, request, status, code) => {
    const client = await watch(request, path);
    expect(JSON.parse(await client.rest())).toMatchObject({ status, code });
  });
});

describe('the end of a stream', () => {
  it('is told once: an EventSource that comes back after it hears that there is no more', async () => {
    edge.providers.calls.length = 0;
    const client = await watch({ headers: { ...EVENTS, 'last-event-id': 'end' } });
    expect([client.status, await client.rest()]).toEqual([204, '']);
    expect(edge.providers.calls).toHaveLength(0);
  });

  it('ends the call of the provider when the client goes, whatever it waits for', async () => {
    feed.book('Moby');
    const client = await watch();
    await client.seen('Moby');
    client.leave();
    await until('the call has ended', () => feed.isCancelled && edge.tally.streams.open === 0);
  });

  it('is the deadline that the client names', async () => {
    feed.end().end();
    await statusOf(`${edge.url}/v1/books:watch`, { headers: { 'request-timeout': '90' } });
    expect(edge.providers.last.options.timeoutMs).toBe(89_999);
    await statusOf(`${edge.url}/v1/books:watch`);
    expect(edge.providers.last.options.timeoutMs).toBeUndefined();
  });

  it('comes when a stream has lasted for as long as one may, with the advice to come back', async () => {
    const brief = await startLibrary({}, { longestMs: 50 });
    brief.providers.answerStream = feed.answer;
    const events = await StreamClient.open(`${brief.url}/v1/books:watch`, { headers: EVENTS });
    expect(await events.rest()).toMatch(
      /^retry: (\d+)\nevent: reconnect\ndata: \{"reason":"TIME_LIMIT","retryMs":\1\}\n\n$/,
    );
    expect(feed.isCancelled).toBe(true);
    const lines = await StreamClient.open(`${brief.url}/v1/books:watch`, {});
    expect(JSON.parse(await lines.rest())).toEqual({
      reconnect: { reason: 'TIME_LIMIT', retryMs: expect.any(Number) },
    });
    await brief.server.close();
  });

  it('comes with the end of the token, whose holder may ask again with another', async () => {
    feed.book('Moby');
    const headers = { authorization: 'Bearer ann=library:read=0' };
    const client = await watch({ headers }, '/v1/shelves/7/books:watch');
    expect(await client.rest()).toContain('"reason":"TOKEN_EXPIRED"');
  });

  it('comes in order when the gateway stops', async () => {
    const stopping = await startLibrary();
    stopping.providers.answerStream = feed.answer;
    feed.book('Moby');
    const client = await StreamClient.open(`${stopping.url}/v1/books:watch`, { headers: EVENTS });
    await client.seen('Moby');
    stopping.server.beginDrain();
    feed.book('Dick');
    await client.seen('Dick');
    await stopping.server.close();
    expect(await client.rest()).toMatch(/\n\nretry: \d+\nevent: reconnect\ndata: \{"reason":"DRAINING",.*\}\n\n$/);
    expect([client.isComplete, stopping.tally.inFlight, stopping.tally.streams.open]).toEqual([true, 0, 0]);
  });
});
