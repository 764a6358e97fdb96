import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Instance } from '@rookery/discovery';

import type { ProviderContracts } from '../src/contracts/known-contract.js';
import { buildRouteTable } from '../src/routing/route-table.js';
import { type RunningEdge, contractOf, known, provider, startEdge } from './edge-harness.js';

const v1 = known(contractOf('shop_v1.proto', 'gateway.shop.Shop'), 'v1');
const v2 = known(contractOf('shop_v2.proto', 'gateway.shop.Shop'), 'v2');
let edge: RunningEdge;

beforeAll(async () => {
  edge = await startEdge([]);
});

afterAll(() => edge.server.close());

beforeEach(() => {
  edge.providers.calls.length = 0;
});

function instance(contractDigest: string): Instance {
  const unknown = {
    incarnation: '',
    version: '',
    zone: '',
    weight: 100,
    startedAt: 0,
    endpoints: {},
    capabilities: [],
  };
  return { id: `shop-${contractDigest}`, service: 'shop', contractDigest, ...unknown };
}

/** The status, and which contracts' instances the call may go to. */
async function post(
  shop: ProviderContracts,
  path: string,
  body: object,
  token = 'ann=shop:buy',
): Promise<[number, string]> {
  edge.providers.calls.length = 0;
  edge.table = buildRouteTable([shop]);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await fetch(edge.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  await response.text();
  const eligible = edge.providers.calls[0]?.options.eligible;
  const names = ['v1', 'v2', 'v3'].filter((digest) => eligible?.(instance(digest)) ?? true);
  return [response.status, response.status === 200 ? names.join(' ') : ''];
}

describe('while two versions of a service run', () => {
  const both = provider('shop', v2, v1);

  it.each<[string, object, string]>([
    ['what both understand goes to both', { sku: 'tea' }, 'v1 v2'],
    ['a field of the new one goes to the new one alone', { sku: 'tea', giftNote: 'hi' }, 'v2'],
    ['a field of the old one goes to the old one alone', { sku: 'tea', coupon: 'half' }, 'v1'],
  ])('%s', async (_name, body, eligible) => {
    expect(await post(both, '/v1/purchases', body)).toEqual([200, eligible]);
  });

  it('a new method goes to the new one alone', async () => {
    expect(await post(both, '/v1/returns', {})).toEqual([200, 'v2']);
  });

  it('what neither understands is refused in the words of the new one', async () => {
    expect(await post(both, '/v1/purchases', { giftNote: 'hi', coupon: 'half' })).toEqual([400, '']);
    expect(await post(both, '/v1/purchases', { nope: 1 })).toEqual([400, '']);
  });

  it('a method in which nothing changed is one version for both', () => {
    const look = buildRouteTable([both]).routes.find((route) => route.name === 'GET /v1/window');
    expect(look?.versions.map((version) => [...version.contracts])).toEqual([['v2', 'v1']]);
    expect(look?.isUniform).toBe(true);
  });
});

describe('before and after an upgrade', () => {
  it('nothing need be chosen', async () => {
    expect(await post(provider('shop', v1), '/v1/purchases', { coupon: 'half' })).toEqual([200, 'v1 v2 v3']);
  });

  it('an instance whose contract nobody has read yet gets no call', async () => {
    const unread = { ...provider('shop', v1), hasUnread: true };
    expect(await post(unread, '/v1/purchases', { sku: 'tea' })).toEqual([200, 'v1']);
  });

  it('a request for the version that has just gone waits for it instead of failing as wrong', async () => {
    const rolledBack = provider('shop', { ...v2, isServed: false }, v1);
    expect(await post(rolledBack, '/v1/purchases', { giftNote: 'hi' })).toEqual([200, 'v2']);
    expect(await post(rolledBack, '/v1/purchases', { sku: 'tea' })).toEqual([200, 'v1 v2']);
  });
});

describe('a path that two services claim', () => {
  const shop = provider('shop', v1);
  const copy = provider('copy', v1);

  it('stays with its first owner, and the other is told why', () => {
    const table = buildRouteTable([shop, copy]);
    expect(table.routes.map((route) => route.service)).toEqual(['shop', 'shop']);
    expect(table.refusals).toContainEqual({
      service: 'copy',
      method: '/gateway.shop.Shop/Buy',
      http: 'POST /v1/purchases',
      reason: 'shop has this route',
    });
  });

  it('stays with it whatever the order of later news, until it goes', () => {
    const { owners } = buildRouteTable([shop, copy]);
    const later = buildRouteTable([copy, shop], owners);
    expect(later.routes.map((route) => route.service)).toEqual(['shop', 'shop']);
    expect(buildRouteTable([copy], later.owners).routes.map((route) => route.service)).toEqual(['copy', 'copy']);
  });

  it('stays with its owner also when the newcomer owned something else before', () => {
    const before = buildRouteTable([provider('shop', v1), provider('copy')]);
    const copyWithReturns = provider('copy', v2);
    const table = buildRouteTable([copyWithReturns, shop], before.owners);
    const owners = table.routes.map((route) => `${route.name} ${route.service}`).sort();
    expect(owners).toEqual(['GET /v1/window shop', 'POST /v1/purchases shop', 'POST /v1/returns copy']);
  });
});
