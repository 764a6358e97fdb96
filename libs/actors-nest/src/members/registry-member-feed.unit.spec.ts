import { describe, expect, it } from '@jest/globals';
import type { MemberListing } from '@rookery/actors';
import { VirtualTime } from '@rookery/runtime/testing';
import { describedInstance, HeldResolver } from '@rookery/testkit';
import { RegistryMemberFeed } from './registry-member-feed.js';

const time = new VirtualTime();

async function heardFrom(resolver: HeldResolver, services: readonly string[]): Promise<MemberListing[]> {
  const heard: MemberListing[] = [];
  new RegistryMemberFeed(resolver, time, services).watch((listing) => heard.push(listing));
  expect(heard).toEqual([]);
  await time.advanceAsync(0);
  return heard;
}

describe('the members that the registry lists', () => {
  it('are the instances with actors, under the address of the system that they have now', async () => {
    const resolver = new HeldResolver([
      describedInstance('a', 1, { capabilities: ['link', 'actors', 'grain:k.One', 'grain:k.Other'] }),
      describedInstance('b', 2, { capabilities: ['link', 'actors+2'] }),
      describedInstance('c', 3),
      describedInstance('d', 4, { capabilities: ['actors-of-another-kind'] }),
    ]);
    const [listing] = await heardFrom(resolver, ['tested']);
    expect(listing?.isFresh).toBe(true);
    expect(listing?.members).toEqual([
      { id: 'a', incarnation: 'first', address: 'tested:a:first', kinds: new Set(['k.One', 'k.Other']) },
      { id: 'b', incarnation: 'first', address: 'tested:b:first+2', kinds: new Set() },
    ]);
  });

  it('are told at once of all services, and again when they change', async () => {
    const capabilities = ['actors'];
    const one = describedInstance('a', 1, { capabilities });
    const resolver = new HeldResolver([one]);
    const heard = await heardFrom(resolver, ['tested', 'other']);
    resolver.list([one, describedInstance('x', 2, { service: 'other', capabilities })]);
    await time.advanceAsync(0);
    expect(heard.map(({ members }) => members.map(({ id }) => id))).toEqual([['a'], ['a', 'x']]);
  });

  it('are not fresh while the registry does not answer, and nobody while nothing is known', async () => {
    const resolver = new HeldResolver();
    const heard = await heardFrom(resolver, ['tested']);
    expect(heard).toEqual([]);
    resolver.list([], { source: 'last-known-good', outOfRotation: ['m'] });
    await time.advanceAsync(0);
    expect(heard).toMatchObject([{ isFresh: false, members: [], outOfRotation: ['m'] }]);
  });
});
