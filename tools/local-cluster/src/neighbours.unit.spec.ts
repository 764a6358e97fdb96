import { describe, expect, it } from '@jest/globals';
import { StaticCatalogue, StaticResolver, toInstances } from '@rookery/discovery';
import { VirtualTime } from '@rookery/runtime/testing';
import { findNeighbours } from './neighbours.js';

const listed = ['pricing-1-aaaa', 'pricing-1-bbbb', 'gateway-1-bbbb', 'billing-7'];

describe('the neighbours of a cluster in a registry', () => {
  it('are the instances of its services that it did not start', async () => {
    const endpoints = { grpc: { host: '127.0.0.1', port: 1 } };
    const data = listed.map((id) => ({ id, service: id.split('-')[0], endpoints }));
    const catalogue = new StaticCatalogue(toInstances(JSON.stringify(data)));
    const time = new VirtualTime();
    const resolver = new StaticResolver({ catalogue, clock: time.clock, scheduler: time });
    const plan = { entry: '', environment: {}, stage: 0 };
    const plans = [
      { ...plan, id: 'pricing-1-aaaa', service: 'pricing' },
      { ...plan, id: 'gateway-1-aaaa', service: 'gateway' },
    ];
    expect(await findNeighbours(resolver, plans)).toEqual(['pricing-1-bbbb', 'gateway-1-bbbb']);
    await resolver.close();
  });
});
