import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';
import type { Member } from './member.js';
import { Membership, type MembershipChange } from './membership.js';

const LEASE_MS = 3000;
const KINDS = new Set(['cart']);

function member(id: string, incarnation = '1'): Member {
  return { id, incarnation, address: `${id}:${incarnation}`, kinds: KINDS };
}

const [self, ada, bob] = [member('self'), member('ada'), member('bob')];

function stage(): { readonly time: VirtualTime; readonly membership: Membership; ids(): string[] } {
  const time = new VirtualTime();
  const membership = new Membership(self, LEASE_MS, time.clock);
  return { time, membership, ids: () => membership.topology.members.map(({ id }) => id) };
}

function idsOf(members: readonly Member[] | undefined): string[] | undefined {
  return members?.map(({ id }) => id);
}

function fresh(...members: readonly Member[]): { readonly members: readonly Member[]; readonly isFresh: true } {
  return { members, isFresh: true };
}

function lookAfter(time: VirtualTime, membership: Membership, ms: number): MembershipChange | undefined {
  time.advance(ms);
  return membership.look();
}

describe('a membership', () => {
  it('begins with this process alone, and takes in who is listed', () => {
    const { ids, membership } = stage();
    expect(ids()).toEqual(['self']);
    expect(idsOf(membership.listed(fresh(self, bob, ada))?.joined)).toEqual(['bob', 'ada']);
    expect(ids()).toEqual(['ada', 'bob', 'self']);
  });

  it('knows whom an earlier process remembered, while the registry does not answer', () => {
    const { ids, membership } = stage();
    membership.listed({ members: [ada], isFresh: false });
    expect(ids()).toEqual(['ada', 'self']);
  });

  it('gives this process no grain before it knows of others, or that there are none', () => {
    const { membership } = stage();
    expect(membership.topology.ownerOf('cart', 'x')).toBeUndefined();
    membership.listed({ members: [], isFresh: false });
    expect(membership.topology.ownerOf('cart', 'x')).toBeUndefined();
    membership.listed(fresh());
    expect(membership.topology.ownerOf('cart', 'x')).toEqual(self);
  });

  it('says nothing when nothing has changed', () => {
    const { membership } = stage();
    membership.listed(fresh(ada));
    expect(membership.listed(fresh(ada))).toBeUndefined();
    expect(membership.peerChanged({ address: ada.address, state: 'up' })).toBeUndefined();
  });

  it('keeps a member that a fresh answer lacks as long as its connection lives', () => {
    const { ids, membership, time } = stage();
    membership.listed(fresh(ada));
    membership.peerChanged({ address: ada.address, state: 'up' });
    membership.listed(fresh());
    expect(lookAfter(time, membership, 3_600_000)).toBeUndefined();
    expect([ids(), membership.dueAt]).toEqual([['ada', 'self'], undefined]);
  });

  it('gives up a member that a fresh answer lacks when its connection has been down for the lease', () => {
    const { membership, time } = stage();
    membership.listed(fresh(ada));
    membership.peerChanged({ address: ada.address, state: 'up' });
    membership.listed(fresh());
    membership.peerChanged({ address: ada.address, state: 'down' });
    expect(membership.dueAt).toBe(time.clock.monotonic() + LEASE_MS);
    expect(lookAfter(time, membership, LEASE_MS - 1)).toBeUndefined();
    expect(lookAfter(time, membership, 1)).toMatchObject({ left: [ada], givenUp: [ada] });
  });

  it('counts a connection that never was up as down since the member was first missing', () => {
    const { membership, time } = stage();
    membership.listed(fresh(ada));
    membership.peerChanged({ address: ada.address, state: 'down' });
    time.advance(60_000);
    membership.listed(fresh());
    expect(lookAfter(time, membership, LEASE_MS - 1)).toBeUndefined();
    expect(idsOf(lookAfter(time, membership, 1)?.left)).toEqual(['ada']);
  });

  it('starts the lease anew when the connection comes back', () => {
    const { membership, time } = stage();
    membership.listed(fresh(ada));
    membership.listed(fresh());
    membership.peerChanged({ address: ada.address, state: 'up' });
    expect(lookAfter(time, membership, LEASE_MS)).toBeUndefined();
    membership.peerChanged({ address: ada.address, state: 'down' });
    expect(lookAfter(time, membership, LEASE_MS - 1)).toBeUndefined();
    expect(idsOf(lookAfter(time, membership, 1)?.left)).toEqual(['ada']);
  });

  it('forgets nobody whom the registry lists again in time, or whose absence is unconfirmed', () => {
    const { membership, time } = stage();
    membership.listed(fresh(ada, bob));
    membership.listed({ ...fresh(ada, bob), unconfirmed: ['bob'] });
    membership.listed(fresh(bob));
    membership.listed(fresh(ada, bob));
    expect(lookAfter(time, membership, 60_000)).toBeUndefined();
  });

  it('changes nothing when the registry is lost, whatever the connections do', () => {
    const { ids, membership, time } = stage();
    membership.listed(fresh(ada, bob));
    membership.peerChanged({ address: ada.address, state: 'up' });
    membership.listed({ members: [], isFresh: false });
    membership.peerChanged({ address: ada.address, state: 'down' });
    expect(lookAfter(time, membership, 60_000)).toBeUndefined();
    expect(ids()).toEqual(['ada', 'bob', 'self']);
  });

  it('is not emptied by a registry that comes back empty while connections live', () => {
    const { ids, membership, time } = stage();
    membership.listed(fresh(ada, bob));
    for (const { address } of [ada, bob]) membership.peerChanged({ address, state: 'up' });
    membership.listed({ members: [], isFresh: false });
    membership.listed(fresh());
    lookAfter(time, membership, 60_000);
    expect(ids()).toEqual(['ada', 'bob', 'self']);
  });

  it('takes an id under another incarnation for another life, and gives the earlier one up', () => {
    const { membership } = stage();
    const reborn = member('ada', '2');
    membership.listed(fresh(ada));
    const change = membership.listed(fresh(reborn));
    expect(change).toMatchObject({ joined: [reborn], left: [ada], givenUp: [ada] });
    expect(membership.listed(fresh(ada))).toBeUndefined();
  });

  it('gives up no process that comes back with a new actor system, whose connection is the same', () => {
    const { membership } = stage();
    const renewed = { ...ada, address: `${ada.address}+1` };
    membership.listed(fresh(ada));
    membership.peerChanged({ address: ada.address, state: 'up' });
    expect(membership.listed(fresh(renewed))).toMatchObject({ joined: [renewed], left: [ada], givenUp: [] });
    membership.listed(fresh());
    expect(membership.dueAt).toBeUndefined();
    expect(membership.peerChanged({ address: ada.address, state: 'gone' })).toMatchObject({ left: [renewed] });
  });

  it('does not go back to an incarnation that somebody remembers', () => {
    const { membership } = stage();
    membership.listed(fresh(member('ada', '2')));
    expect(membership.listed({ members: [ada], isFresh: false })).toBeUndefined();
  });

  it('removes at once who said goodbye, and never takes that life in again', () => {
    const { ids, membership } = stage();
    membership.listed(fresh(ada, bob));
    expect(membership.hasLeft('ada', '1')).toMatchObject({ left: [ada], givenUp: [] });
    expect(membership.peerChanged({ address: bob.address, state: 'gone' })).toMatchObject({ left: [bob], givenUp: [] });
    membership.listed(fresh(ada, bob));
    expect(ids()).toEqual(['self']);
  });

  it('knows whom of those listed it has given up, and not who left by itself', () => {
    const { membership } = stage();
    const [cyd, renewed] = [member('cyd'), { ...ada, address: `${ada.address}+1` }];
    membership.listed(fresh(ada, bob, cyd));
    membership.hasLeft('bob', '1');
    membership.peerChanged({ address: cyd.address, state: 'gone' });
    membership.listed(fresh(renewed));
    expect(membership.givenUpAmong([ada, bob, cyd, renewed])).toEqual([cyd]);
  });

  it('heeds no goodbye of an earlier life', () => {
    const { ids, membership } = stage();
    membership.listed(fresh(member('ada', '2')));
    membership.leaves('ada', '1');
    membership.hasLeft('ada', '1');
    expect(ids()).toEqual(['ada', 'self']);
    expect(membership.topology.ownerOf('cart', 'x')).toBeDefined();
  });

  it('gives no grain to a member that leaves or is out of rotation, and keeps it', () => {
    const { ids, membership } = stage();
    membership.listed(fresh(ada, bob));
    membership.leaves('ada', '1');
    membership.listed({ ...fresh(ada), outOfRotation: ['bob', 'self'] });
    expect(ids()).toEqual(['ada', 'bob', 'self']);
    expect(membership.topology.ownerOf('cart', 'x')).toBeUndefined();
    membership.listed(fresh(ada, bob));
    expect(membership.topology.members.filter(({ kinds }) => kinds.size > 0).map(({ id }) => id)).toEqual([
      'bob',
      'self',
    ]);
  });

  it('has this process as a member until it has left, whatever the registry says of it', () => {
    const { ids, membership, time } = stage();
    membership.listed(fresh(ada));
    membership.listed(fresh(ada, member('self', '0')));
    membership.peerChanged({ address: self.address, state: 'gone' });
    expect(lookAfter(time, membership, 60_000)).toBeUndefined();
    expect(ids()).toEqual(['ada', 'self']);
    membership.selfLeaves();
    expect(membership.topology.ownerOf('cart', 'x')).toEqual(ada);
    expect(idsOf(membership.selfHasLeft()?.left)).toEqual(['self']);
    expect(ids()).toEqual(['ada']);
  });

  it('follows the kinds that a member offers', () => {
    const { membership } = stage();
    const other = { ...ada, kinds: new Set(['cart', 'order']) };
    membership.listed(fresh(ada));
    expect(membership.listed(fresh(other))).toMatchObject({ joined: [], left: [] });
    expect(membership.topology.ownerOf('order', 'x')).toEqual(other);
  });
});
