import { type InstanceRef, instanceKey } from '../traffic/report.js';
import type { Reporter } from '../traffic/reporter.js';
import type { Reporters } from '../traffic/reporters.js';
import type { Listing, Listings } from './listings.js';
import { type Standing, standingOf } from './standing.js';

/** One instance as the monitor sees it at one moment. */
export interface Member {
  readonly ref: InstanceRef;
  readonly version: string;
  readonly standing: Standing;
  readonly isListed: boolean;
  readonly isInMaintenance: boolean;
  readonly reporter: Reporter | undefined;
  readonly listing: Listing | undefined;
  /** Of an instance that is `replaced`: the id of the one that took its place. */
  readonly replacedBy: string | undefined;
}

/** Instances are forgotten after this time without a report and without being listed. */
const FORGET_MS = 15 * 60_000;

/** Joins what the registry lists with who reports. */
export class Fleet {
  /** By key of the silent instance: the key of the newcomer in its place. Remembered, so that a place is filled once. */
  private readonly replacements = new Map<string, string>();

  constructor(
    private readonly reporters: Reporters,
    private readonly listings: Listings,
  ) {}

  /** Everybody known at monotonic `at`, ordered by service and id. */
  members(at: number): readonly Member[] {
    const refs = new Map<string, InstanceRef>();
    for (const { instance } of this.listings.all()) {
      const ref = { service: instance.service, instanceId: instance.id, incarnation: instance.incarnation };
      refs.set(instanceKey(ref), ref);
    }
    for (const reporter of this.reporters.all()) refs.set(instanceKey(reporter.ref), reporter.ref);
    const members = [...refs.values()].map((ref) => this.member(ref, at));
    this.pairReplacements(members);
    return members.map((member) => this.withReplacement(member)).sort(byName);
  }

  /** Forgets those that left, were replaced or are gone. */
  sweep(at: number): void {
    for (const member of this.members(at)) {
      const lastSeenAt = Math.max(member.reporter?.lastReportAt ?? 0, member.listing?.unlistedAt ?? 0);
      if (member.isListed || member.standing === 'reporting' || at - lastSeenAt < FORGET_MS) continue;
      this.reporters.forget(member.ref);
      this.listings.forget(member.ref);
      this.replacements.delete(instanceKey(member.ref));
    }
  }

  private member(ref: InstanceRef, at: number): Member {
    const reporter = this.reporters.get(ref);
    const listing = this.listings.get(ref);
    return {
      ref,
      version: reporter?.version ?? listing?.instance.version ?? '',
      standing: standingOf(reporter, listing, at),
      isListed: listing !== undefined && listing.unlistedAt === undefined,
      isInMaintenance: listing?.isInMaintenance ?? false,
      reporter,
      listing,
      replacedBy: undefined,
    };
  }

  /** Each newcomer of a service fills the place of one instance that fell silent before it came. */
  private pairReplacements(members: readonly Member[]): void {
    const taken = new Set(this.replacements.values());
    const newcomers = members.filter(
      ({ ref, standing, reporter }) => standing === 'reporting' && !reporter?.isRestart && !taken.has(instanceKey(ref)),
    );
    for (const { ref, standing, reporter } of members) {
      const key = instanceKey(ref);
      if (standing === 'reporting') this.replacements.delete(key);
      if (standing !== 'silent' || reporter === undefined || this.replacements.has(key)) continue;
      const index = newcomers.findIndex(
        (other) => other.ref.service === ref.service && (other.reporter?.bornAt ?? 0) > reporter.lastReportAt,
      );
      const [newcomer] = index < 0 ? [] : newcomers.splice(index, 1);
      if (newcomer !== undefined) this.replacements.set(key, instanceKey(newcomer.ref));
    }
  }

  private withReplacement(member: Member): Member {
    const replacedBy = this.replacements.get(instanceKey(member.ref))?.split('\n')[1];
    if (member.standing !== 'silent' || replacedBy === undefined) return member;
    return { ...member, standing: 'replaced', replacedBy };
  }
}

function byName(a: Member, b: Member): number {
  return a.ref.service.localeCompare(b.ref.service) || a.ref.instanceId.localeCompare(b.ref.instanceId);
}
