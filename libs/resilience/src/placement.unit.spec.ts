import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hashText } from './hash.js';
import { Placement } from './placement.js';

const KIND = 'rookery.inventory.v1.InventoryService';
/** Ids of one hash. */
const COLLIDING = ['inventory-5048ab3c', 'inventory-0fd954ca'] as const;
const SKUS = Array.from({ length: 20_000 }, (_, index) => `SKU-${index}`);

const ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 12 });
const identities = fc.array(fc.string({ maxLength: 40 }), { minLength: 1, maxLength: 20 });

function placed(members: readonly string[], kind = KIND): Placement<string> {
  return new Placement(kind, members, (id) => id);
}

function ownersOf(placement: Placement<string>): (string | undefined)[] {
  return SKUS.map((sku) => placement.ownerOf(sku));
}

function shareOf(
  owners: (string | undefined)[],
  isMeant: (owner: string | undefined, index: number) => boolean,
): number {
  return owners.filter(isMeant).length / owners.length;
}

describe('placement', () => {
  it('has no owner without members, and the one member for all', () => {
    expect(placed([]).ownerOf('SKU-1')).toBeUndefined();
    expect(new Set(ownersOf(placed(['only'])))).toEqual(new Set(['only']));
  });

  it('is the same in whatever order the members are told', () => {
    const shuffled = ids.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, identities, ([list, other], keys) => {
        for (const key of keys) expect(placed(other).ownerOf(key)).toBe(placed(list).ownerOf(key));
      }),
    );
  });

  it('moves no key but those of the member that leaves', () => {
    fc.assert(
      fc.property(ids, fc.nat(), identities, (list, at, keys) => {
        const gone = list[at % list.length];
        const after = placed(list.filter((id) => id !== gone));
        for (const key of keys) {
          const owner = placed(list).ownerOf(key);
          if (owner !== gone) expect(after.ownerOf(key)).toBe(owner);
        }
      }),
    );
  });

  it('moves keys to the member that joins, and between no others', () => {
    fc.assert(
      fc.property(ids, fc.string({ minLength: 1 }), identities, (list, joiner, keys) => {
        const after = placed([...new Set([...list, joiner])]);
        for (const key of keys) expect([placed(list).ownerOf(key), joiner]).toContain(after.ownerOf(key));
      }),
    );
  });

  // Twenty thousand keys thrown by chance would stay within 4.5 standard deviations of the mean.
  it.each([3, 10, 50])('gives each of %i members its share, as chance would', (count) => {
    for (const name of [
      (index: number) => `inventory-${index}`,
      (index: number) => hashText(`${index}`).toString(16),
    ]) {
      const members = Array.from({ length: count }, (_, index) => name(index));
      const placement = placed(members);
      const shares = new Map(members.map((id) => [id, 0]));
      for (const sku of SKUS) {
        const owner = placement.ownerOf(sku) ?? '';
        shares.set(owner, (shares.get(owner) ?? 0) + 1);
      }
      const mean = SKUS.length / count;
      const bound = 4.5 * Math.sqrt(mean * (1 - 1 / count));
      for (const share of shares.values()) expect(Math.abs(share - mean)).toBeLessThan(bound);
    }
  });

  it('shares the keys of a member that leaves among all that stay', () => {
    const members = Array.from({ length: 10 }, (_, index) => `inventory-${index}`);
    const before = placed(members);
    const after = placed(members.slice(1));
    const moved = SKUS.filter((sku) => before.ownerOf(sku) === 'inventory-0');
    for (const heir of members.slice(1)) {
      const share = moved.filter((sku) => after.ownerOf(sku) === heir).length / moved.length;
      expect(share).toBeGreaterThan(0.08);
      expect(share).toBeLessThan(0.15);
    }
  });

  it('shares keys between members whose ids have the same hash', () => {
    const [one, other] = COLLIDING;
    expect(hashText(one)).toBe(hashText(other));
    const owners = ownersOf(placed([one, other]));
    expect(ownersOf(placed([other, one]))).toEqual(owners);
    expect(shareOf(owners, (owner) => owner === one)).toBeCloseTo(0.5, 1);
  });

  it('places each kind for itself', () => {
    const members = ['inventory-1', 'inventory-2'];
    const orders = ownersOf(placed(members, 'rookery.orders.v1.OrderService'));
    expect(shareOf(ownersOf(placed(members)), (owner, index) => owner === orders[index])).toBeCloseTo(0.5, 1);
  });

  // Processes of different versions run side by side. A change of this table splits the ownership of every grain.
  it('answers for ever what it answered in its first version', () => {
    const five = placed(['inventory-1', 'inventory-2', 'inventory-3', 'inventory-4', 'inventory-5']);
    const owners = ['SKU-1', 'SKU-2', 'SKU-3', 'SKU-4', 'SKU-5', '', 'Größe 38', '🐦'].map((sku) => five.ownerOf(sku));
    expect(owners).toEqual([
      'inventory-5',
      'inventory-3',
      'inventory-2',
      'inventory-2',
      'inventory-3',
      'inventory-2',
      'inventory-3',
      'inventory-3',
    ]);
    const orders = placed(['orders-7f3a', 'orders-a01c', 'orders-c9d2'], 'rookery.orders.v1.OrderService');
    const orderIds = ['019396f0-5a1e-7cc2-8d2e-4a6f0b9c1d2e', '019396f0-5a1e-7cc2-8d2e-4a6f0b9c1d2f', '42'];
    expect(orderIds.map((id) => orders.ownerOf(id))).toEqual(['orders-c9d2', 'orders-c9d2', 'orders-a01c']);
  });
});
