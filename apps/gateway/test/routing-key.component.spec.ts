import { describe, expect, it } from '@jest/globals';
import type { RpcClient } from '@rookery/rpc';

import { RpcProviderClient } from '../src/edge/rpc-provider.client.js';
import type { ProviderMethod } from '../src/routing/provider-method.js';
import { offersOf } from '../src/routing/route-offer.js';
import { contractOf, encodeAs } from './edge-harness.js';

const contract = contractOf('keyed.proto', 'gateway.test.Keyed');

function methodNamed(name: string): ProviderMethod {
  const offer = offersOf(contract).offers.find(({ method }) => method.name === name);
  if (offer === undefined) throw new Error(`no route leads to ${name}`);
  return offer.method;
}

/** What the gateway tells rpc of the owner when this request comes. */
async function routingKeyOf(name: string, request: object): Promise<unknown> {
  let told: unknown;
  const unary = (_method: unknown, _message: unknown, options: { readonly routingKey?: string }): Promise<string> => {
    told = options.routingKey;
    return Promise.resolve('{}');
  };
  const rpc = { channel: () => ({ unary }) } as unknown as RpcClient;
  const message = encodeAs(contract, 'gateway.test.EveryKind', request);
  await new RpcProviderClient(rpc).call('keyed', methodNamed(name), message, {});
  return told;
}

describe('the owner of a request', () => {
  it.each([
    ['ByString', { aString: 'SKU-1', anInt64: '7' }, 'SKU-1'],
    ['ByNested', { nested: { anInt64: '9007199254740991' } }, '9007199254740991'],
    ['ByNested', { nested: {} }, '0'],
    ['ByBytes', { aBytes: 'AKv/' }, '00abff'],
    ['ByBool', { aBool: true }, 'true'],
    ['ByBool', {}, 'false'],
    ['ByOptional', { optionalInt32: 0 }, '0'],
    ['ByEnum', { colour: 1 }, '1'],
  ])('is named by the field of the contract: %s %j', async (name, request, key) => {
    expect(await routingKeyOf(name, request)).toBe(key);
  });

  it.each([
    ['ByString', {}],
    ['ByBytes', {}],
    ['ByNested', {}],
    ['ByOptional', {}],
    ['ByNothing', { aString: 'SKU-1' }],
  ])(
    'is nobody where the field is empty or none is named, and any instance may answer: %s %j',
    async (name, request) => {
      expect(await routingKeyOf(name, request)).toBeUndefined();
    },
  );
});
