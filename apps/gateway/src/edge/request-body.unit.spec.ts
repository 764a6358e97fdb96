import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';

import { describe, expect, it } from '@jest/globals';

import { ProblemError } from './problem.js';
import { readBody } from './request-body.js';

type Head = Partial<Pick<IncomingMessage, 'method' | 'headers'>>;

/** A request whose body the test writes, and all that its reader was told. */
function request(head: Head, limitBytes = 10): { stream: PassThrough; told: Promise<string>; all: string[] } {
  const stream = new PassThrough();
  const all: string[] = [];
  const incoming = Object.assign(stream, { method: 'POST', headers: {} }, head) as unknown as IncomingMessage;
  const told = new Promise<string>((resolve) => {
    const tell = (text: string): void => {
      all.push(text);
      resolve(text);
    };
    readBody(incoming, limitBytes, {
      take: (body) => tell(`body ${String(body)}`),
      refuse: (error) => tell(error instanceof ProblemError ? error.problem.code : String(error)),
    });
  });
  return { stream, told, all };
}

const chunked = { headers: { 'transfer-encoding': 'chunked' } };

describe('the body of a request', () => {
  it('is not waited for where none is announced, or none counts', async () => {
    expect(await request({}).told).toBe('body undefined');
    expect(await request({ headers: { 'content-length': '0' } }).told).toBe('body undefined');
    expect(await request({ method: 'GET', headers: { 'content-length': '5' } }).told).toBe('body undefined');
  });

  it('is put together from its pieces, up to the very limit', async () => {
    const { stream, told } = request({ headers: { 'content-length': '10' } });
    stream.write('01234');
    stream.end('56789');
    expect(await told).toBe('body 0123456789');
    const empty = request(chunked);
    empty.stream.end();
    expect(await empty.told).toBe('body ');
  });

  it('is refused by the length that it announces, before it is read', async () => {
    expect(await request({ headers: { 'content-length': '11' } }).told).toBe('BODY_TOO_LARGE');
  });

  it('is refused once it exceeds the limit unannounced, and then no more is heard of it', async () => {
    const { stream, told, all } = request(chunked);
    stream.write('0123456789');
    stream.write('0');
    expect(await told).toBe('BODY_TOO_LARGE');
    stream.end('more');
    await new Promise((resolve) => stream.once('close', resolve));
    expect(all).toEqual(['BODY_TOO_LARGE']);
  });

  it.each([[new Error('reset')], [undefined]])('is incomplete when the connection ends in it (%s)', async (error) => {
    const { stream, told, all } = request({ headers: { 'content-length': '10' } });
    stream.write('01234');
    stream.destroy(error);
    expect(await told).toBe('BODY_INCOMPLETE');
    await new Promise((resolve) => setImmediate(resolve));
    expect(all).toEqual(['BODY_INCOMPLETE']);
  });

  it('is incomplete when the connection had ended before it was asked for', async () => {
    const gone = Object.assign(new PassThrough().destroy(), chunked, { method: 'POST' }) as unknown as IncomingMessage;
    const told = await new Promise((resolve) => readBody(gone, 10, { take: resolve, refuse: resolve }));
    expect((told as ProblemError).problem.code).toBe('BODY_INCOMPLETE');
  });
});
