import type { Clock } from '@rookery/runtime';
import { processOfAddress } from '../remote/addresses.js';
import type { PeerChange } from '../remote/remote.js';
import { isSameLife, lifeOf, type Member } from './member.js';
import type { MemberListing } from './member-feed.port.js';
import { Topology } from './topology.js';

export interface MembershipChange {
  readonly topology: Topology;
  readonly joined: readonly Member[];
  readonly left: readonly Member[];
  /** Those of `left` that did not go by themselves. */
  readonly givenUp: readonly Member[];
}

interface Entry {
  member: Member;
  /** It hands over what it has. */
  isLeaving: boolean;
  isOutOfRotation: boolean;
  /** Since when fresh answers of the registry lack it, by the monotonic clock. */
  missingSince: number | undefined;
}

/** A connection that has been up at some time. */
interface Link {
  readonly isUp: boolean;
  readonly since: number;
}

const NO_KINDS: ReadonlySet<string> = new Set();
/** Lives that are over and could be listed once more by somebody who is behind. */
const REMEMBERED_LIVES = 1000;

/**
 * Who is a member, as one process sees it. Slow to forget: a member is removed only when it goes by itself, when its id comes
 * back as another life, or when a fresh answer of the registry lacks it while its connection has been down for longer than
 * the lease. A life that is over never comes back. The registry's silence changes nothing.
 *
 * Each call answers with what it has changed, or with undefined.
 */
export class Membership {
  private current: Topology;
  private readonly entries = new Map<string, Entry>();
  /** By process: a new actor system of it is reached in the same way. */
  private readonly links = new Map<string, Link>();
  /** Lives, and whether they were given up. */
  private readonly over = new Map<string, boolean>();
  private self: Entry | undefined;
  /** Until others are known, or known to be none, this process owns nothing: it would take itself for the only one. */
  private knowsOthers = false;
  private joined: Member[] = [];
  private left: Member[] = [];
  private givenUp: Member[] = [];

  constructor(
    self: Member,
    private readonly leaseMs: number,
    private readonly clock: Clock,
  ) {
    this.self = newEntry(self);
    this.current = this.view();
  }

  get topology(): Topology {
    return this.current;
  }

  listed({ isFresh, members, outOfRotation = [], unconfirmed = [] }: MemberListing): MembershipChange | undefined {
    for (const member of members) if (!this.isOver(member)) this.hasListed(member, isFresh);
    const out = new Set(outOfRotation);
    for (const [id, entry] of this.withSelf()) entry.isOutOfRotation = out.has(id);
    this.knowsOthers ||= isFresh || this.entries.size > 0;
    if (isFresh) this.compare(new Set([...members.map(({ id }) => id), ...outOfRotation]), new Set(unconfirmed));
    return this.look();
  }

  /** Those of the members listed that are none here, because they were given up: one that lives does not know of it yet. */
  givenUpAmong(listed: readonly Member[]): readonly Member[] {
    return listed.filter((member) => this.over.get(lifeOf(member)) === true);
  }

  peerChanged({ address, state }: PeerChange): MembershipChange | undefined {
    const process = processOfAddress(address);
    const members = [...this.entries.values()].filter(({ member }) => processOf(member) === process);
    // Its peer has given it up already.
    if (state === 'gone') for (const { member } of members) this.remove(member, true);
    if (state === 'up') this.links.set(process, { isUp: true, since: this.clock.monotonic() });
    else if (members.length === 0 || state === 'gone') this.links.delete(process);
    else if (this.links.get(process)?.isUp === true) {
      // One that never was up is no sign of a life that has ended.
      this.links.set(process, { isUp: false, since: this.clock.monotonic() });
    }
    return this.look();
  }

  /** The member with this life hands its grains over. */
  leaves(id: string, incarnation: string): MembershipChange | undefined {
    const entry = this.entries.get(id);
    if (entry?.member.incarnation === incarnation) entry.isLeaving = true;
    return this.look();
  }

  /** The member with this life has said goodbye. */
  hasLeft(id: string, incarnation: string): MembershipChange | undefined {
    const entry = this.entries.get(id);
    if (entry?.member.incarnation === incarnation) this.remove(entry.member, false);
    return this.look();
  }

  /** This process hands its grains over. */
  selfLeaves(): MembershipChange | undefined {
    if (this.self !== undefined) this.self.isLeaving = true;
    return this.look();
  }

  /** This process is no member any more. */
  selfHasLeft(): MembershipChange | undefined {
    if (this.self !== undefined) this.left.push(this.self.member);
    this.self = undefined;
    return this.look();
  }

  /** When `look` may find something, by the monotonic clock; undefined while only news can change anything. */
  get dueAt(): number | undefined {
    let earliest: number | undefined;
    for (const entry of this.entries.values()) {
      const endsAt = this.endOfLease(entry);
      if (endsAt !== undefined && (earliest === undefined || endsAt < earliest)) earliest = endsAt;
    }
    return earliest;
  }

  /** Removes those whose lease is over. */
  look(): MembershipChange | undefined {
    const now = this.clock.monotonic();
    for (const entry of [...this.entries.values()]) {
      const endsAt = this.endOfLease(entry);
      if (endsAt !== undefined && endsAt <= now) this.giveUp(entry.member);
    }
    return this.takeChange();
  }

  private isOver(member: Member): boolean {
    return member.id === this.self?.member.id || this.over.has(lifeOf(member));
  }

  private hasListed(member: Member, isFresh: boolean): void {
    const known = this.entries.get(member.id);
    if (known !== undefined && isSameLife(known.member, member)) {
      known.member = member;
      return;
    }
    // What somebody remembers may be older than what we know.
    if (known !== undefined && !isFresh) return;
    if (known !== undefined) this.replace(known.member, member);
    this.entries.set(member.id, newEntry(member));
    this.joined.push(member);
  }

  /** Whom the registry's answer has, and whom it lacks; of the unconfirmed it says nothing. */
  private compare(listed: ReadonlySet<string>, unconfirmed: ReadonlySet<string>): void {
    const now = this.clock.monotonic();
    for (const [id, entry] of this.entries) {
      if (!listed.has(id)) entry.missingSince ??= now;
      else if (!unconfirmed.has(id)) entry.missingSince = undefined;
    }
  }

  /** Undefined: nothing speaks against it. */
  private endOfLease({ member, missingSince }: Entry): number | undefined {
    const link = this.links.get(processOf(member));
    if (missingSince === undefined || link?.isUp === true) return undefined;
    return (link?.since ?? missingSince) + this.leaseMs;
  }

  private replace(former: Member, next: Member): void {
    // A process that has made a new actor system has ended the former one itself.
    if (processOf(former) === processOf(next)) this.forget(former, false);
    else this.giveUp(former);
  }

  private giveUp(member: Member): void {
    this.givenUp.push(member);
    this.remove(member, true);
  }

  private remove(member: Member, isGivenUp: boolean): void {
    this.links.delete(processOf(member));
    this.forget(member, isGivenUp);
  }

  private forget(member: Member, isGivenUp: boolean): void {
    this.entries.delete(member.id);
    this.left.push(member);
    this.over.set(lifeOf(member), isGivenUp);
    const [oldest] = this.over.keys();
    if (this.over.size > REMEMBERED_LIVES && oldest !== undefined) this.over.delete(oldest);
  }

  private withSelf(): readonly (readonly [id: string, entry: Entry])[] {
    return this.self === undefined ? [...this.entries] : [...this.entries, [this.self.member.id, this.self]];
  }

  private view(): Topology {
    const isPlaceable = ({ isLeaving, isOutOfRotation }: Entry): boolean => !isLeaving && !isOutOfRotation;
    const members = this.withSelf().map(([, entry]) => {
      const isOpen = isPlaceable(entry) && (entry !== this.self || this.knowsOthers);
      return isOpen ? entry.member : { ...entry.member, kinds: NO_KINDS };
    });
    return new Topology(members);
  }

  private takeChange(): MembershipChange | undefined {
    const topology = this.view();
    const { givenUp, joined, left } = this;
    [this.joined, this.left, this.givenUp] = [[], [], []];
    if (topology.version === this.current.version) return undefined;
    this.current = topology;
    return { topology, joined, left, givenUp };
  }
}

function processOf({ address }: Member): string {
  return processOfAddress(address);
}

function newEntry(member: Member): Entry {
  return { member, isLeaving: false, isOutOfRotation: false, missingSince: undefined };
}
