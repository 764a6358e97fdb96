import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError, type ErrorKind } from '@rookery/runtime';

import { type RunningEdge } from './edge-harness.js';
import { startLibrary } from './library.js';

let edge: RunningEdge;

beforeAll(async () => {
  edge = await startLibrary();
});

afterAll(() => edge.server.close());

beforeEach(() => {
  edge.providers.calls.length = 0;
  edge.providers.answer = () => new Uint8Array(0);
});

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

async function change(key?: string): Promise<Problem> {
  const headers = { 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }) };
  const response = await fetch(`${edge.url}/v1/books/moby`, { method: 'PUT', headers, body: '{}' });
  return (await response.json()) as Problem;
}

const keySent = (): unknown => edge.providers.last.options.metadata?.['idempotency-key'];

describe('a request that changes something', () => {
  it.each([
    ['order-1', 'order-1'],
    ['"order-1"', 'order-1'],
  ])('is known to the provider by its key: %s', async (header, key) => {
    await change(header);
    expect(keySent()).toBe(key);
  });

  it('gets a key of its own without one', async () => {
    await change();
    const first = keySent();
    await change();
    expect(first).toMatch(UUID);
    expect(keySent()).not.toBe(first);
  });

  it.each(['', '""', 'two words', 'x'.repeat(256)])('is refused with the key %j', async (key) => {
    expect(await change(key)).toMatchObject({ status: 400, code: 'IDEMPOTENCY_KEY_INVALID' });
    expect(edge.providers.calls).toHaveLength(0);
  });

  it.each<[ErrorKind, number]>([
    ['unavailable', 503],
    ['deadline-exceeded', 504],
  ])('that ends with %s says that its outcome is unknown, and the key to ask with', async (kind, status) => {
    const metadata = { instance: 'a' };
    edge.providers.answer = () => Promise.reject(new DomainError('GONE', 'gone', { kind, metadata }));
    const told = await change('order-1');
    expect(told).toMatchObject({ status, code: 'GONE' });
    expect(told.metadata).toEqual({ instance: 'a', outcome: 'unknown', idempotencyKey: 'order-1' });
    expect(told.detail).toContain('is not known');
    const { metadata: named } = await change();
    expect(named?.['idempotencyKey']).toBe(keySent());
  });

  it('that was refused says nothing of the kind', async () => {
    edge.providers.answer = () => Promise.reject(new DomainError('NO', 'no'));
    expect((await change('order-1')).metadata).toBeUndefined();
  });
});

describe('a request that only asks', () => {
  it('has no key, and nothing unknown about it', async () => {
    edge.providers.answer = () => Promise.reject(new DomainError('GONE', 'gone', { kind: 'unavailable' }));
    const response = await fetch(`${edge.url}/v1/books:search`, { headers: { 'idempotency-key': 'k' } });
    expect(await response.json()).not.toHaveProperty('metadata');
    expect(edge.providers.last.options.metadata).toBeUndefined();
  });
});
