import { type Socket, connect } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';
import { until } from '@rookery/testkit';

import { type RunningEdge, encodeAs } from './edge-harness.js';
import { library, startLibrary } from './library.js';
import { StreamClient } from './stream-client.js';
import { BookFeed } from './streamed-library.js';

let edge: RunningEdge;
let feed: BookFeed;

async function start(...limits: Parameters<typeof startLibrary>): Promise<void> {
  edge = await startLibrary(...limits);
  edge.providers.answerStream = feed.answer;
}

beforeEach(() => {
  feed = new BookFeed();
});

afterEach(() => edge.server.close());

function watch(token?: string): Promise<StreamClient> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return StreamClient.open(`${edge.url}/v1/books:watch`, { headers });
}

/** What the edge has reported since it was last asked. */
function reported(): readonly object[] {
  return edge.calls.take().callee.map(({ method, outcomes }) => ({
    method,
    codes: outcomes.codes.map(({ code, count }) => `${count}×${code}`),
    timed: outcomes.latency.buckets.length,
  }));
}

describe('a client that does not read', () => {
  const BOOK = encodeAs(library, 'gateway.test.Book', { title: 'x'.repeat(100_000) });
  let taken: number;
  let isReleased: boolean;
  let socket: Socket;

  beforeEach(() => {
    taken = 0;
    isReleased = false;
  });

  afterEach(() => void socket.destroy());

  async function* books(): AsyncIterable<Uint8Array> {
    try {
      for (;;) {
        taken++;
        yield await Promise.resolve(BOOK);
      }
    } finally {
      isReleased = true;
    }
  }

  async function ask(): Promise<void> {
    edge.providers.answerStream = books;
    socket = connect(edge.port, '127.0.0.1', () => socket.write('GET /v1/books:watch HTTP/1.1\r\nhost: x\r\n\r\n'));
    socket.on('error', () => undefined).pause();
    let before = -1;
    await until('no more is taken from the provider', async () => {
      before = taken;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return taken > 0 && before === taken;
    });
  }

  it('stops the provider, is not stored for, and gets all that comes once it reads', async () => {
    await start();
    await ask();
    // What the sockets on both sides hold, far from all that the provider would give.
    expect(taken).toBeLessThan(200);
    const before = taken;
    socket.resume();
    await until('more is taken', () => taken > before + 50);
  });

  it('is cut after a while', async () => {
    await start({ stallMs: 300 });
    await ask();
    await until('the stream is over', () => edge.tally.streams.open === 0);
    await until('the call has ended', () => isReleased);
    expect(reported()).toEqual([{ method: 'HTTP GET /v1/books:watch', codes: ['1×1'], timed: 0 }]);
  });

  it('gets all that waits for it at a shutdown, if it reads then', async () => {
    await start();
    await ask();
    const closed = edge.server.close();
    let text = '';
    socket.on('data', (chunk) => (text = (text + chunk.toString('latin1')).slice(-200)));
    socket.resume();
    await closed;
    await until('the connection ends', () => socket.destroyed);
    expect(text).toMatch(/\{"reconnect":\{"reason":"DRAINING","retryMs":\d+\}\}\n\r\n0\r\n\r\n$/);
  });

  it('holds up no shutdown', async () => {
    await start();
    await ask();
    await edge.server.close();
    expect(edge.tally.inFlight).toBe(0);
  });
});

describe('the number of streams', () => {
  it('is limited for each caller, until one of its own ends', async () => {
    await start({}, { streamsPerCaller: 1 });
    feed.book('Moby');
    const first = await watch('ann=a');
    const second = await watch('ann=a');
    expect([second.status, second.header('retry-after')]).toEqual([429, '5']);
    expect(await second.rest()).toContain('STREAMS_OF_CALLER_EXHAUSTED');
    feed.book('Moby');
    expect((await watch('bob=a')).status).toBe(200);
    first.leave();
    await until('its place is free', () => edge.tally.streams.open === 1);
    feed.book('Moby');
    expect((await watch('ann=a')).status).toBe(200);
  });

  it('is limited altogether', async () => {
    await start({}, { streams: 1 });
    feed.book('Moby');
    const first = await watch();
    const second = await watch('ann=a');
    expect([second.status, second.header('retry-after')]).toEqual([503, '5']);
    expect(await second.rest()).toContain('STREAMS_EXHAUSTED');
    feed.end();
    await first.rest();
    feed.end();
    expect((await watch()).status).toBe(200);
  });
});

describe('what is told of streams', () => {
  beforeEach(() => start());

  it('is a call with its code, which counts as open while it is and for no latency', async () => {
    feed.book('Moby');
    const client = await watch();
    await client.seen('Moby');
    expect([edge.tally.streams.open, edge.tally.inFlight]).toEqual([1, 1]);
    feed.end();
    await client.rest();
    expect([edge.tally.streams.open, edge.tally.streams.messages, edge.tally.inFlight]).toEqual([0, 1, 0]);
    expect(reported()).toEqual([{ method: 'HTTP GET /v1/books:watch', codes: ['1×0'], timed: 0 }]);
  });

  it('is a line in the log where one has failed, with its messages', async () => {
    feed.book('Moby').fail(new DomainError('DOWN', 'down', { kind: 'unavailable' }));
    await (await watch()).rest();
    feed.book('Moby').end();
    await (await watch()).rest();
    const line = { level: 'warn', status: 200, problem: 'down', messages: 1, outcome: 'failed' };
    expect(edge.lines).toMatchObject([line]);
  });
});
