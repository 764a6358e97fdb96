import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DevRegistry } from './dev-registry.js';

/** One request, and where Consul's versions differ the statuses that count as equal. */
interface Step {
  readonly method?: 'GET' | 'PUT';
  readonly path: string;
  readonly body?: object;
  readonly eitherStatus?: readonly number[];
}

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly index: number;
  readonly body: unknown;
}

const name = `same-${randomUUID().slice(0, 8)}`;
const id = `${name}-1`;

const registration = {
  ID: id,
  Name: name,
  Address: '127.0.0.1',
  Port: 4001,
  Meta: { zone: 'north', incarnation: 'one' },
  Weights: { Passing: 70, Warning: 1 },
  Check: { CheckID: `service:${id}`, TTL: '1m', Status: 'passing', DeregisterCriticalServiceAfter: '1m' },
};

const registered: Step = {
  method: 'PUT',
  path: '/v1/agent/service/register?replace-existing-checks=true',
  body: registration,
};
const maintenance = (query: string): Step => ({ method: 'PUT', path: `/v1/agent/service/maintenance/${id}${query}` });
const listed: readonly Step[] = [
  { path: `/v1/health/service/${name}` },
  { path: `/v1/health/service/${name}?passing=true` },
  { path: '/v1/agent/services' },
  { path: '/v1/agent/checks' },
  { path: `/v1/agent/health/service/id/${id}` },
  { path: '/v1/catalog/services' },
];

const withCheck = (check: object, query = ''): Step => ({
  ...registered,
  path: `/v1/agent/service/register${query}`,
  body: { ...registration, Check: check },
});
const TTL = { CheckID: `service:${id}`, TTL: '1m' };
/** Nobody listens there, and nobody asks before the story is over. */
const GRPC = { CheckID: `grpc:${id}`, GRPC: '127.0.0.1:1/x', Interval: '1h', Timeout: '2s' };

const stories: readonly (readonly [string, readonly Step[]])[] = [
  [
    'what is not there',
    [
      { path: '/v1/status/leader' },
      ...listed,
      { method: 'PUT', path: `/v1/agent/check/pass/service:${id}`, eitherStatus: [404, 500] },
      {
        method: 'PUT',
        path: `/v1/agent/check/update/service:${id}`,
        body: { Status: 'passing' },
        eitherStatus: [404, 500],
      },
      { method: 'PUT', path: `/v1/agent/service/deregister/${id}`, eitherStatus: [200, 404] },
      maintenance('?enable=true'),
    ],
  ],
  [
    'requests that make no sense',
    [
      { path: `/v1/health/service/${name}?index=-1` },
      { path: `/v1/health/service/${name}?index=a` },
      { path: `/v1/health/service/${name}?index=1&wait=long` },
      { method: 'PUT', path: '/v1/agent/service/register', body: { ID: id } },
      { method: 'PUT', path: '/v1/status/leader' },
    ],
  ],
  ['a registration', [registered, ...listed]],
  ['the same registration again', [registered, ...listed]],
  [
    'maintenance',
    [maintenance(''), maintenance('?enable=maybe'), maintenance('?enable=true&reason=a+new+disk'), ...listed],
  ],
  ['a registration under maintenance, which ends it', [registered, ...listed]],
  ['maintenance without a reason', [maintenance('?enable=true'), ...listed, maintenance('?enable=false'), ...listed]],
  [
    'beats',
    [
      { method: 'PUT', path: `/v1/agent/check/fail/service:${id}` },
      ...listed,
      { method: 'PUT', path: `/v1/agent/check/warn/service:${id}` },
      ...listed,
      { method: 'PUT', path: `/v1/agent/check/update/service:${id}`, body: { Status: 'critical' } },
      ...listed,
      { method: 'PUT', path: `/v1/agent/check/pass/service:${id}` },
      ...listed,
    ],
  ],
  ['the loss of a check', [{ method: 'PUT', path: `/v1/agent/check/deregister/service:${id}` }, ...listed]],
  [
    'a check that is registered again and keeps its status',
    [
      withCheck({ ...TTL, Status: 'passing' }),
      { method: 'PUT', path: `/v1/agent/check/fail/service:${id}?note=broken` },
      withCheck({ ...TTL, Status: 'passing' }),
      ...listed,
      { method: 'PUT', path: `/v1/agent/check/pass/service:${id}` },
      withCheck({ ...TTL, Status: 'critical' }),
      ...listed,
    ],
  ],
  [
    'maintenance that stays over a registration which replaces no checks',
    [withCheck(TTL), maintenance('?enable=true'), withCheck(TTL), ...listed, maintenance('?enable=false')],
  ],
  [
    'a gRPC check, beside which the old one stays until it is removed',
    [
      withCheck(TTL),
      { method: 'PUT', path: `/v1/agent/check/pass/service:${id}` },
      withCheck({ ...GRPC, Status: 'passing' }),
      ...listed,
      { method: 'PUT', path: `/v1/agent/check/pass/grpc:${id}`, eitherStatus: [404, 500] },
      { method: 'PUT', path: `/v1/agent/check/deregister/service:${id}` },
      ...listed,
      withCheck({ ...GRPC, Status: 'critical' }),
      ...listed,
    ],
  ],
  [
    'an id that changes its name',
    [
      withCheck({ ...TTL, Status: 'passing' }, '?replace-existing-checks=true'),
      { ...registered, body: { ...registration, Name: `${name}-next`, Check: TTL } },
      { path: `/v1/health/service/${name}` },
      { path: `/v1/health/service/${name}-next` },
      ...listed,
      registered,
    ],
  ],
  [
    'several checks, and an empty one',
    [
      { ...registered, body: { ...registration, Check: {}, Checks: [{ TTL: '1m' }, { TTL: '2m' }] } },
      ...listed,
      { ...registered, body: { ...registration, Check: { TTL: '0s' } } },
      ...listed,
    ],
  ],
  [
    'a registration that states next to nothing',
    [
      { ...registered, body: { Name: id, ID: '', Tags: null, Meta: null, Weights: null, Check: null, Checks: null } },
      ...listed,
    ],
  ],
  ['a deregistration', [registered, { method: 'PUT', path: `/v1/agent/service/deregister/${id}` }, ...listed]],
];

async function ask(url: string, { method = 'GET', path, body }: Step): Promise<Answer> {
  const given = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(new URL(path, url), { method, ...given });
  const text = await response.text();
  const type = response.headers.get('content-type');
  const index = Number(response.headers.get('x-consul-index') ?? Number.NaN);
  return { status: response.status, type, index, body: type === 'application/json' ? JSON.parse(text) : text };
}

/** Indexes, outputs and names of nodes are each registry's own. */
const OWN = new Set(['CreateIndex', 'ModifyIndex', 'Node', 'Output']);

/** Consul's answer, cut down to what the dev registry says at all, and both without what is their own. */
function comparable(of: unknown, by: unknown): unknown {
  if (Array.isArray(of) && Array.isArray(by)) return of.map((item: unknown, place) => comparable(item, by[place]));
  if (of === null || typeof of !== 'object' || by === null || typeof by !== 'object') return of;
  const fields = Object.entries(of).filter(([key]) => key in by && !(OWN.has(key) && typeof of !== 'string'));
  return Object.fromEntries(
    fields.map(([key, value]) => [key, comparable(value, (by as Record<string, unknown>)[key])]),
  );
}

/** Entries of other people's services on the agent under test. */
function ours(body: unknown): unknown {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([key]) => key.includes(name)));
}

/** A Consul agent tells its server a moment after it has answered; on a busy machine moments are long. */
const SETTLED_WITHIN_MS = 20_000;

/** What Consul answers in the end: a reading is repeated as long as it is another and may change. */
async function settled(consul: string, step: Step, mine: Answer): Promise<Answer> {
  const endsAt = performance.now() + SETTLED_WITHIN_MS;
  let theirs = await ask(consul, step);
  while (performance.now() < endsAt && !Number.isNaN(theirs.index) && !isAlike(theirs, mine)) {
    const separator = step.path.includes('?') ? '&' : '?';
    theirs = await ask(consul, { ...step, path: `${step.path}${separator}index=${theirs.index}&wait=500ms` });
  }
  return theirs;
}

function isAlike(theirs: Answer, mine: Answer): boolean {
  const [hers, own] = [ours(theirs.body), ours(mine.body)];
  return isDeepStrictEqual(comparable(own, hers), comparable(hers, own));
}

describe('the dev registry beside a Consul agent', () => {
  const consul = process.env['CONSUL_URL'] ?? '';
  const registry = new DevRegistry();
  let dev = '';

  beforeAll(async () => {
    dev = (await registry.listen()).url;
  });
  afterAll(async () => {
    await registry.close();
    await ask(consul, { method: 'PUT', path: `/v1/agent/service/deregister/${id}` });
  });

  it.each(stories)('answers alike about %s', async (_, steps) => {
    for (const step of steps) {
      const mine = await ask(dev, step);
      const theirs = await settled(consul, step, mine);
      const label = `${step.method ?? 'GET'} ${step.path}`;
      if (step.eitherStatus === undefined) expect([label, mine.status]).toEqual([label, theirs.status]);
      else expect(step.eitherStatus).toEqual(expect.arrayContaining([mine.status, theirs.status]));
      expect(Number.isNaN(mine.index)).toBe(Number.isNaN(theirs.index));
      if (mine.status !== 200 || mine.type !== 'application/json' || step.path === '/v1/status/leader') continue;
      const [hers, own] = [ours(theirs.body), ours(mine.body)];
      expect([label, comparable(own, hers)]).toEqual([label, comparable(hers, own)]);
    }
  });

  it.each(['consul', 'dev'])(
    '%s holds an index it has not reached, and answers when it passes the one asked about',
    async (who) => {
      const url = who === 'dev' ? dev : consul;
      const path = `/v1/health/service/${name}`;
      await ask(url, registered);
      const { index } = await ask(url, { path });
      expect(index).toBeGreaterThan(0);
      const ahead = await ask(url, { path: `${path}?index=${index + 1_000_000}&wait=300ms` });
      expect(ahead.index).toBe(index);
      const changed = ask(url, { path: `${path}?index=${index}&wait=1m` });
      await ask(url, maintenance('?enable=true'));
      expect((await changed).index).toBeGreaterThan(index);
      const gone = await changed;
      await ask(url, { method: 'PUT', path: `/v1/agent/service/deregister/${id}` });
      const after = await ask(url, { path: `${path}?index=${gone.index}&wait=1m` });
      expect(after).toMatchObject({ body: [], status: 200 });
      expect(after.index).toBeGreaterThan(gone.index);
    },
  );
});
