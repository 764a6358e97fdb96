import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';
import fc from 'fast-check';
import type { Member } from '../src/cluster/member.js';
import { Membership, type MembershipChange } from '../src/cluster/membership.js';

const LEASE_MS = 3000;
const IDS = ['a', 'b', 'c', 'd'] as const;

interface Listed {
  readonly does: 'listed';
  readonly members: readonly Member[];
  readonly isFresh: boolean;
  readonly unconfirmed: readonly string[];
}

type Step =
  | Listed
  | { readonly does: 'link'; readonly address: string; readonly state: 'up' | 'down' | 'gone' }
  | { readonly does: 'leaves' | 'hasLeft'; readonly member: Member }
  | { readonly does: 'waits'; readonly ms: number };

const life = fc.record({ id: fc.constantFrom(...IDS), incarnation: fc.constantFrom('1', '2') }).map(memberOf);
const lives = fc.uniqueArray(life, { selector: ({ id }) => id });
const firstLives = fc.subarray([...IDS]).map((ids) => ids.map((id) => memberOf({ id, incarnation: '1' })));
const listing = (isFresh: fc.Arbitrary<boolean>, members: fc.Arbitrary<Member[]> = lives): fc.Arbitrary<Step> =>
  fc.record({ does: fc.constant('listed'), members, isFresh, unconfirmed: fc.subarray([...IDS]) });
const link = (...states: ('up' | 'down' | 'gone')[]): fc.Arbitrary<Step> =>
  fc.record({
    does: fc.constant('link'),
    address: life.map(({ address }) => address),
    state: fc.constantFrom(...states),
  });
const goodbye: fc.Arbitrary<Step> = fc.record({ does: fc.constantFrom('leaves', 'hasLeft'), member: life });
const wait: fc.Arbitrary<Step> = fc.record({
  does: fc.constant('waits'),
  ms: fc.integer({ min: 1, max: 2 * LEASE_MS }),
});
const anything = fc.array(fc.oneof(listing(fc.boolean()), link('up', 'down', 'gone'), goodbye, wait), {
  maxLength: 40,
});

function memberOf({ id, incarnation }: { readonly id: string; readonly incarnation: string }): Member {
  return { id, incarnation, address: `${id}:${incarnation}`, kinds: new Set(['cart']) };
}

class Stage {
  readonly time = new VirtualTime();
  readonly membership = new Membership(memberOf({ id: 'self', incarnation: '1' }), LEASE_MS, this.time.clock);

  get ids(): string[] {
    return this.membership.topology.members.map(({ id }) => id);
  }

  do(step: Step): MembershipChange | undefined {
    switch (step.does) {
      case 'listed':
        return this.membership.listed(step);
      case 'link':
        return this.membership.peerChanged(step);
      case 'waits':
        this.time.advance(step.ms);
        return this.membership.look();
      default:
        return this.membership[step.does](step.member.id, step.member.incarnation);
    }
  }
}

/** What each life has against it, kept apart from the membership's own books. */
class Evidence {
  readonly over = new Set<string>();
  private readonly missingSince = new Map<string, number>();
  private readonly downSince = new Map<string, number>();
  private readonly up = new Set<string>();

  note(step: Step, known: readonly Member[], now: number): void {
    if (step.does === 'link') this.noteLink(step.address, step.state, now);
    if (step.does !== 'listed' || !step.isFresh) return;
    for (const { address, id } of known) {
      if (!step.members.some((member) => member.id === id)) {
        if (!this.missingSince.has(address)) this.missingSince.set(address, now);
      } else if (!step.unconfirmed.includes(id)) this.missingSince.delete(address);
    }
  }

  /** The three ways in which a life may end. */
  mayEnd(life: Member, step: Step, now: number): boolean {
    return saysGoodbye(step, life) || isReplacedBy(step, life) || this.hasOutlivedLease(life, now);
  }

  private hasOutlivedLease({ address }: Member, now: number): boolean {
    const missing = this.missingSince.get(address);
    if (missing === undefined || this.up.has(address)) return false;
    return now - (this.downSince.get(address) ?? missing) >= LEASE_MS;
  }

  private noteLink(address: string, state: 'up' | 'down' | 'gone', now: number): void {
    if (state === 'up') this.up.add(address);
    else if (this.up.delete(address)) this.downSince.set(address, now);
  }
}

function saysGoodbye(step: Step, { address }: Member): boolean {
  if (step.does === 'link') return step.state === 'gone' && step.address === address;
  return step.does === 'hasLeft' && step.member.address === address;
}

function isReplacedBy(step: Step, { id, incarnation }: Member): boolean {
  if (step.does !== 'listed' || !step.isFresh) return false;
  return step.members.some((member) => member.id === id && member.incarnation !== incarnation);
}

describe('the laws of membership', () => {
  it('hold for every run: a life ends in three ways only, and does not come back', () => {
    fc.assert(
      fc.property(anything, (steps) => {
        const stage = new Stage();
        const evidence = new Evidence();
        for (const step of steps) {
          const before = stage.membership.topology.members;
          const change = stage.do(step);
          const now = stage.time.clock.monotonic();
          evidence.note(step, before, now);
          for (const { address } of change?.joined ?? []) expect(evidence.over).not.toContain(address);
          for (const left of change?.left ?? []) {
            expect(evidence.mayEnd(left, step, now)).toBe(true);
            evidence.over.add(left.address);
          }
          const gone = before.filter(({ address }) => stage.membership.topology.memberAt(address) === undefined);
          expect(gone.map(({ id }) => id).sort()).toEqual((change?.left ?? []).map(({ id }) => id).sort());
          expect(stage.ids).toContain('self');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('an outage of the registry removes nobody', () => {
    const during = fc.array(fc.oneof(listing(fc.constant(false)), link('up', 'down'), wait), { maxLength: 30 });
    fc.assert(
      fc.property(firstLives, during, (members, steps) => {
        const stage = new Stage();
        stage.do({ does: 'listed', members, isFresh: true, unconfirmed: [] });
        for (const step of steps) expect(stage.do(step)?.left ?? []).toEqual([]);
      }),
    );
  });

  it('whoever is connected stays, whatever the registry lists of that life or lacks', () => {
    const steps = fc.array(fc.oneof(listing(fc.boolean(), firstLives), wait), { maxLength: 30 });
    fc.assert(
      fc.property(steps, (all) => {
        const stage = new Stage();
        const members = IDS.map((id) => memberOf({ id, incarnation: '1' }));
        stage.do({ does: 'listed', members, isFresh: true, unconfirmed: [] });
        for (const { address } of members) stage.do({ does: 'link', address, state: 'up' });
        for (const step of all) stage.do(step);
        expect(stage.ids).toEqual([...IDS, 'self']);
      }),
    );
  });

  it('whoever sees the same members has the same version and the same owners, by whatever way it came to see them', () => {
    fc.assert(
      fc.property(anything, anything, (one, other) => {
        const [first, second] = [one, other].map((steps) => {
          const stage = new Stage();
          for (const step of steps) stage.do(step);
          return stage.membership.topology;
        });
        const facts = [first, second].map((topology) =>
          JSON.stringify(topology?.members.map(({ address, kinds }) => [address, [...kinds]])),
        );
        expect(first?.version === second?.version).toBe(facts[0] === facts[1]);
        if (facts[0] === facts[1]) expect(first?.ownerOf('cart', 'x')).toEqual(second?.ownerOf('cart', 'x'));
      }),
    );
  });
});
