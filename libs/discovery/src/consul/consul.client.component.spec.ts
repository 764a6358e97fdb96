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

function json(response: ServerResponse, body: unknown, index?: string, status = 200): void {
  response.statusCode = status;
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

  it('sends weights and the token with a registration, and leaves the checks that the agent holds', async () => {
    let body = '';
    answer = (request, response) => {
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => response.end());
    };
    const endpoints = { grpc: { host: '127.0.0.1', port: 4000 } };
    const instance = toInstance({ id: 'pricing-1', service: 'pricing', weight: 70, endpoints });
    const check = { CheckID: 'service:pricing-1', TTL: '10000ms', DeregisterCriticalServiceAfter: '1m' };
    const client = new ConsulClient({ url, token: 'secret' });
    await client.register(toRegistration(instance, check), 10_000);
    expect(requests[0]).toMatchObject({
      method: 'PUT',
      url: '/v1/agent/service/register',
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

  it.each([200, 429, 503])('after what the agent holds reads an answer with status %d', async (status) => {
    const Checks = [
      { CheckID: 'service:pricing-1', Status: 'passing', Notes: '' },
      { CheckID: '_service_maintenance:pricing-1', Status: 'critical', Notes: 'a new disk' },
    ];
    answer = (_, response) => json(response, { Service: { Meta: { incarnation: 'one' } }, Checks }, undefined, status);
    const client = new ConsulClient({ url, token: 'secret' });
    const held = await client.held('pricing-1', 10_000);
    expect(held).toMatchObject({ incarnation: 'one', maintenance: 'a new disk' });
    expect(held?.checks.get('service:pricing-1')).toBe(true);
    expect(requests[0]?.url).toBe('/v1/agent/health/service/id/pricing-1');
    expect(requests[0]?.headers['x-consul-token']).toBe('secret');
    client.close();
  });

  it('after what the agent holds finds out that it is nothing', async () => {
    const nothing = { AggregatedStatus: 'critical', Service: null, Checks: null };
    answer = (_, response) => json(response, nothing, undefined, 404);
    const client = new ConsulClient({ url });
    expect(await client.held('pricing-1', 10_000)).toBeUndefined();
    client.close();
  });

  it.each([
    [404, 'page not found', 'REGISTRY_REFUSED'],
    [403, 'Permission denied', 'REGISTRY_REFUSED'],
    [503, 'no healthy upstream', 'REGISTRY_UNAVAILABLE'],
    [500, 'rpc error', 'REGISTRY_UNAVAILABLE'],
    [200, '<html>', 'REGISTRY_UNAVAILABLE'],
  ])('after what the agent holds fails with %d %s', async (status, text, code) => {
    answer = (_, response) => void response.writeHead(status, { 'Content-Type': 'text/plain' }).end(text);
    const client = new ConsulClient({ url });
    await expect(client.held('pricing-1', 10_000)).rejects.toMatchObject({ code });
    client.close();
  });

  it.each([
    [404, 'Unknown service ID "pricing-1"'],
    [500, 'Unknown service {"pricing-1" {}}'],
    [200, ''],
  ])('that removes is content with %d %s', async (status, text) => {
    answer = (_, response) => void response.writeHead(status, { 'Content-Type': 'text/plain' }).end(text);
    const client = new ConsulClient({ url });
    await client.deregister('pricing-1', 10_000);
    await client.removeCheck('grpc:pricing-1', 10_000);
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
