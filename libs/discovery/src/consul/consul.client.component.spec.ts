import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SystemClock, SystemRandom, SystemScheduler } from '@rookery/runtime';
import { SnapshotProbe } from '../testing/index.js';
import { ConsulClient } from './consul.client.js';
import { toRegistration } from './instance.mapper.js';
import { toInstance } from '../instance.mapper.js';
import { ConsulResolver } from './resolver.js';

/** A server that answers as each test wants, and remembers what it was asked. */
let server: Server;
let url = '';
let requests: IncomingMessage[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  requests = [];
  server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function json(response: ServerResponse, body: unknown, index?: string): void {
  if (index !== undefined) response.setHeader('X-Consul-Index', index);
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body));
}

describe('a request to Consul', () => {
  it('carries the token, the index and the wait', async () => {
    answer = (_, response) => json(response, [], '17');
    const client = new ConsulClient({ url, token: 'secret' });
    expect(await client.serviceEntries('pricing', { index: 7, waitMs: 60_000 })).toEqual({ index: 17, content: [] });
    await client.serviceEntries('pricing', { isConsistent: true });
    expect(requests[0]?.url).toBe('/v1/health/service/pricing?index=7&wait=60000ms');
    expect(requests[1]?.url).toBe('/v1/health/service/pricing?consistent=1');
    expect(requests.map(({ headers }) => headers['x-consul-token'])).toEqual(['secret', 'secret']);
    client.close();
  });

  it('sends weights and the token with a registration, and replaces old checks', async () => {
    let body = '';
    answer = (request, response) => {
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => response.end());
    };
    const endpoints = { grpc: { host: '127.0.0.1', port: 4000 } };
    const instance = toInstance({ id: 'pricing-1', service: 'pricing', weight: 70, endpoints });
    const client = new ConsulClient({ url, token: 'secret' });
    await client.register(toRegistration(instance, 10_000, 'passing'), 1_000);
    expect(requests[0]).toMatchObject({
      method: 'PUT',
      url: '/v1/agent/service/register?replace-existing-checks=true',
    });
    expect(requests[0]?.headers['x-consul-token']).toBe('secret');
    expect(JSON.parse(body)).toMatchObject({ ID: 'pricing-1', Weights: { Passing: 70 }, Check: { TTL: '10000ms' } });
    client.close();
  });

  it.each([
    [500, 'REGISTRY_UNAVAILABLE', 'unavailable'],
    [503, 'REGISTRY_UNAVAILABLE', 'unavailable'],
    [429, 'REGISTRY_UNAVAILABLE', 'unavailable'],
    [403, 'REGISTRY_REFUSED', 'permission-denied'],
    [400, 'REGISTRY_REFUSED', 'failed-precondition'],
  ])('answered %d fails as %s', async (status, code, kind) => {
    answer = (_, response) => void response.writeHead(status, { 'Content-Type': 'text/plain' }).end('no');
    const client = new ConsulClient({ url });
    const expected = { code, kind, metadata: { status: String(status) } };
    await expect(client.serviceEntries('pricing')).rejects.toMatchObject(expected);
    client.close();
  });

  it.each([404, 500])('that beats for a check answered %d finds out that it is forgotten', async (status) => {
    answer = (_, response) => void response.writeHead(status).end('CheckID "x" does not have associated TTL');
    const client = new ConsulClient({ url });
    expect(await client.pass('service:pricing-1', 1_000)).toBe('forgotten');
    client.close();
  });

  it.each([
    [404, 'Unknown service ID "pricing-1"'],
    [500, 'Unknown service {"pricing-1" {}}'],
    [200, ''],
  ])('that deregisters is content with %d %s', async (status, text) => {
    answer = (_, response) => void response.writeHead(status, { 'Content-Type': 'text/plain' }).end(text);
    const client = new ConsulClient({ url });
    await client.deregister('pricing-1', 1_000);
    client.close();
  });

  it.each(['{"a":1}', '"text"', '[{}]', '[', '<html>'])('answered %s is no answer of Consul’s', async (body) => {
    answer = (_, response) => void response.setHeader('Content-Type', 'application/json').end(body);
    const client = new ConsulClient({ url });
    await expect(client.serviceEntries('pricing')).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    client.close();
  });

  it('ends when its connection breaks in the middle of the answer', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 100 });
      response.write('[', () => response.destroy());
    };
    const client = new ConsulClient({ url });
    const asked = client.serviceEntries('pricing', { index: 1, waitMs: 600_000 });
    await expect(asked).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    client.close();
  });

  it('ends when it is cancelled, and breaks its connection', async () => {
    const patience = new AbortController();
    const broken = new Promise((resolve) => {
      answer = (_, response) => {
        response.once('close', resolve);
        patience.abort();
      };
    });
    const client = new ConsulClient({ url });
    const asked = client.serviceEntries('pricing', { index: 1, waitMs: 600_000, signal: patience.signal });
    await expect(asked).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    await broken;
    client.close();
  });

  it('ends at its time limit', async () => {
    answer = () => undefined;
    const client = new ConsulClient({ url });
    await expect(client.deregister('pricing-1', 50)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    client.close();
  });

  it.each(['', 'localhost:8500', 'ftp://consul', 'consul'])('to the URL "%s" is refused at once', (text) => {
    expect(() => new ConsulClient({ url: text })).toThrow('http://127.0.0.1:8500');
  });
});

describe('the watches of one service', () => {
  it('share one query, and a suddenly empty answer is read again consistently', async () => {
    const entry = {
      Node: { Node: 'n', Address: '127.0.0.1' },
      Service: { ID: 'pricing-1', Service: 'pricing', Address: '127.0.0.1', Port: 4000 },
      Checks: [],
    };
    const script: [unknown, string][] = [
      [[entry], '5'],
      [[], '6'],
      [[entry], '6'],
    ];
    answer = (_, response) => {
      const next = script.shift();
      if (next !== undefined) json(response, ...next);
    };
    const given = { url, clock: new SystemClock(), random: new SystemRandom(), scheduler: new SystemScheduler() };
    const resolver = new ConsulResolver(given);
    const probes = [1, 2, 3].map(() => new SnapshotProbe(resolver, 'pricing'));
    await Promise.all(probes.map((probe) => probe.untilUsable('pricing-1')));
    while (requests.length < 4) await once(server, 'request');
    expect(requests.map((request) => request.url?.split('?')[1] ?? '')).toEqual([
      '',
      'index=5&wait=60000ms',
      'consistent=1',
      'index=6&wait=60000ms',
    ]);
    for (const probe of probes) expect(probe.snapshots).toHaveLength(1);
    await resolver.close();
  });
});
