import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';
import { describeDiscovery, type DiscoverySubject } from '../testing/index.js';
import { StaticCatalogue } from './catalogue.js';
import { toInstances } from './instance.mapper.js';
import { StaticRegistrar } from './registrar.js';
import { StaticResolver } from './resolver.js';

async function openStatic(): Promise<DiscoverySubject> {
  const catalogue = new StaticCatalogue();
  const scheduler = new VirtualTime();
  const resolvers: StaticResolver[] = [];
  return {
    createRegistrar: () => new StaticRegistrar(catalogue),
    createResolver: () => {
      const resolver = new StaticResolver({ catalogue, clock: scheduler.clock, scheduler });
      resolvers.push(resolver);
      return resolver;
    },
    close: async () => {
      for (const resolver of resolvers) await resolver.close();
    },
  };
}

describeDiscovery('a static catalogue', openStatic, { hasChecks: false, canForget: false, canDie: false });

describe('instances given as data', () => {
  const pricing = { id: 'pricing-1', service: 'pricing', endpoints: { grpc: { host: '127.0.0.1', port: 3001 } } };

  it('are found without anyone registering', async () => {
    const scheduler = new VirtualTime();
    const catalogue = new StaticCatalogue(toInstances(JSON.stringify([pricing])));
    const { instances } = await new StaticResolver({ catalogue, clock: scheduler.clock, scheduler }).lookup('pricing');
    expect(instances).toMatchObject([{ id: 'pricing-1', weight: 100, incarnation: '', capabilities: [] }]);
    expect(instances[0]?.endpoints).toEqual({ grpc: { host: '127.0.0.1', port: 3001, isSecure: false } });
  });

  it.each([
    ['{', 'not JSON'],
    ['{}', 'expected a JSON array'],
    [JSON.stringify([pricing, { ...pricing, id: 'pricing-2', weight: 0 }]), 'instance 1: not an instance: weight'],
    [JSON.stringify([{ ...pricing, port: 3001 }]), 'instance 0: not an instance'],
    [JSON.stringify([pricing, pricing]), 'two instances have the id pricing-1'],
  ])('%s is refused: %s', (text, reason) => {
    expect(() => toInstances(text)).toThrow(reason);
  });
});
