import { foldText, hashText, mix } from './hash.js';

/**
 * Who of some members owns what: rendezvous hashing. Each member has a score for each key, and the highest owns it, so all
 * who know the same members agree without a word between them. When one leaves, only its keys move; when one joins, keys
 * move only to it. The order in which members are given means nothing.
 *
 * Callers and members compute this each for itself, and may be of different versions: what is answered for given names
 * never changes. The key that is hashed reads `<kind>/<identity>`.
 *
 * Asking allocates nothing and hashes no member's id again: it is part of each call that has an owner.
 */
export class Placement<Member> {
  /** By id, so that of equal scores the lower id is met first. */
  private readonly members: readonly Member[];
  private readonly seeds: Uint32Array;
  private readonly tieSeeds: Uint32Array;
  private readonly kindFold: number;

  /** Ids differ from each other. */
  constructor(kind: string, members: readonly Member[], idOf: (member: Member) => string) {
    const sorted = members.map((member) => ({ member, id: idOf(member) })).sort(byId);
    this.members = sorted.map(({ member }) => member);
    this.seeds = Uint32Array.from(sorted, ({ id }) => hashText(id));
    // A sign before the id, not behind it: texts of one hash have one hash again with the same end.
    this.tieSeeds = Uint32Array.from(sorted, ({ id }) => hashText(`/${id}`));
    this.kindFold = foldText(`${kind}/`);
  }

  /** Undefined when there are no members. */
  ownerOf(identity: string): Member | undefined {
    const key = mix(foldText(identity, this.kindFold));
    const { seeds } = this;
    let owner = 0;
    let best = -1;
    for (let index = 0; index < seeds.length; index++) {
      // `mix` keeps different numbers different: two scores are equal only when the hashes of two ids are.
      const score = mix(key ^ (seeds[index] ?? 0));
      if (score > best || (score === best && this.winsTie(key, index, owner))) {
        best = score;
        owner = index;
      }
    }
    return this.members[owner];
  }

  private winsTie(key: number, challenger: number, owner: number): boolean {
    return mix(key ^ (this.tieSeeds[challenger] ?? 0)) > mix(key ^ (this.tieSeeds[owner] ?? 0));
  }
}

/** By code unit, so that every process orders alike whatever its locale. */
function byId(one: { readonly id: string }, other: { readonly id: string }): number {
  if (one.id === other.id) return 0;
  return one.id < other.id ? -1 : 1;
}
