import { describe, expect, it } from '@jest/globals';
import { describedInstance } from '@rookery/testkit';

import { grainCapability, Owners } from './owners.js';

const KIND = 'rookery.inventory.v1.InventoryService';
const SKUS = Array.from({ length: 100 }, (_, index) => `SKU-${index}`);

function ownersAmong(hosts: readonly string[], others: readonly string[] = []): Owners {
  const owners = new Owners();
  const capabilities = ['link', grainCapability(KIND)];
  owners.update([
    ...hosts.map((id) => describedInstance(id, 1, { capabilities })),
    ...others.map((id) => describedInstance(id, 1)),
  ]);
  return owners;
}

function idsOf(owners: Owners): (string | undefined)[] {
  return SKUS.map((sku) => owners.ownerOf(KIND, sku)?.id);
}

describe('owners', () => {
  it('are nobody while nobody is listed', () => {
    expect(ownersAmong([]).ownerOf(KIND, 'SKU-1')).toBeUndefined();
  });

  it('are the instances that host the kind, whoever else serves', () => {
    expect(idsOf(ownersAmong(['a', 'b'], ['c', 'd']))).toEqual(idsOf(ownersAmong(['a', 'b'])));
  });

  it('are all instances where none hosts the kind', () => {
    expect(idsOf(ownersAmong([], ['a', 'b', 'c']))).toEqual(idsOf(ownersAmong(['a', 'b', 'c'])));
  });

  it('follow the list', () => {
    const owners = ownersAmong(['a']);
    expect(new Set(idsOf(owners))).toEqual(new Set(['a']));
    owners.update([describedInstance('b', 1)]);
    expect(new Set(idsOf(owners))).toEqual(new Set(['b']));
  });
});
