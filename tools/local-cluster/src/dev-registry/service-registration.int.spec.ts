import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DevRegistry } from './dev-registry.js';

const name = `odd-${randomUUID().slice(0, 8)}`;
const id = `${name}-1`;

/** Bodies that Consul refuses, each with its words, and a few that it surprisingly takes. */
const oddities: readonly (string | object)[] = [
  ...['', '{bad', '[]', '"x"', 'null', '{}'],
  ...[{ ID: id }, { Name: '' }, { Name: 5 }, { Name: name, ID: 5 }, { Name: name, Unknown: 1 }],
  ...[{ Port: -1 }, { Port: 70_000 }, { Port: '80' }, { Port: 1.5 }],
  ...[{ Address: '0.0.0.0' }, { Address: '::' }, { Address: 'not an address !' }, { Tags: 'a' }],
  ...[
    { Passing: 0 },
    { Passing: -1, Warning: 1 },
    { Passing: 1, Warning: -1 },
    { Passing: 70_000 },
    { Passing: 7 },
    {},
  ].map((Weights) => ({ Weights })),
  ...[{ 'a b': 'v' }, { 'consul-a': 'v' }, { '': 'v' }, { a: 5 }, { a: 'é'.repeat(256) }, { a: 'é'.repeat(257) }].map(
    (Meta) => ({ Meta }),
  ),
  ...[{ ['k'.repeat(128)]: 'v' }, { ['k'.repeat(129)]: 'v' }].map((Meta) => ({ Meta })),
  { Meta: Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`k${index}`, 'v'])) },
  ...[
    '0s',
    '-5s',
    '9999999h',
    'soon',
    '',
    5,
    '5',
    '1e3s',
    '1.5h',
    '60000000us',
    '.5h',
    '1h30m',
    '+5h',
    '1d',
    '0',
    null,
  ].map((TTL) => ({ Check: { TTL } })),
  ...[
    { Status: 'passing' },
    { Notes: 'a' },
    { TTL: '1m', Status: 'good' },
    { TTL: '1m', Status: '' },
    { TTL: '1m', Interval: '1s' },
    { GRPC: '127.0.0.1:1/x' },
    { GRPC: '127.0.0.1:1/x', Interval: '-1s' },
    { GRPC: '', Interval: '1s' },
    { GRPC: 'nonsense', Interval: '1h' },
    { GRPC: '127.0.0.1:1', Interval: '1h', TTL: '1m' },
    { GRPC: '127.0.0.1:1', Interval: '1h', GRPCUseTLS: 'yes' },
    { TTL: '1m', DeregisterCriticalServiceAfter: 'soon' },
    { TTL: '1m', DeregisterCriticalServiceAfter: '-1m' },
    { TTL: '1m', Bogus: 1 },
    { CheckID: 7, TTL: '1m' },
  ].map((Check) => ({ Check })),
  ...[{}, [{}], [{ TTL: '1m' }, { TTL: 'soon' }]].map((Checks) => ({ Checks })),
];

/** How a JSON parser words its complaints is its own affair. */
function inWords(text: unknown): string {
  return String(text).replace(/^(Request decode failed: (?!time:|json: unknown)).*$/s, '$1…');
}

/** What an oddity leaves out is there, unless it is about just that. */
function whole(body: string | object): string {
  if (typeof body === 'string') return body;
  return JSON.stringify('Name' in body || 'ID' in body ? body : { ID: id, Name: name, ...body });
}

async function register(url: string, body: string): Promise<readonly [number, string]> {
  const response = await fetch(new URL('/v1/agent/service/register', url), { method: 'PUT', body });
  return [response.status, inWords(await response.text())];
}

describe('an odd registration, sent to the dev registry and to a Consul agent', () => {
  const consul = process.env['CONSUL_URL'] ?? '';
  const registry = new DevRegistry();
  let dev = '';

  beforeAll(async () => {
    dev = (await registry.listen()).url;
  });
  afterAll(async () => {
    await registry.close();
    for (const left of [id, name])
      await fetch(new URL(`/v1/agent/service/deregister/${left}`, consul), { method: 'PUT' });
  });

  it.each(oddities.map((body) => [whole(body).slice(0, 120), whole(body)] as const))(
    'is taken or refused alike: %s',
    async (_, body) => {
      expect(await register(dev, body)).toEqual(await register(consul, body));
    },
  );
});
