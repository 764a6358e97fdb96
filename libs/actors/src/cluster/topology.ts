import { hashText, Placement } from '@rookery/resilience';
import type { Member } from './member.js';

/** The members of a cluster at one moment, as one of them sees it, and by them who owns which grain. Immutable. */
export class Topology {
  /** In the order of their ids. */
  readonly members: readonly Member[];
  /** The same in every process that sees the same members. It says nothing about which view came first. */
  readonly version: string;
  /** By kind. */
  private readonly placements: ReadonlyMap<string, Placement<Member>>;
  private readonly byAddress: ReadonlyMap<string, Member>;

  /** Their ids differ from each other. */
  constructor(members: readonly Member[]) {
    this.members = [...members].sort((one, other) => (one.id < other.id ? -1 : 1));
    this.version = versionOf(this.members);
    this.placements = placementsOf(this.members);
    this.byAddress = new Map(members.map((member) => [member.address, member]));
  }

  /** The member that shall run the grain; undefined when none offers the kind. */
  ownerOf(kind: string, identity: string): Member | undefined {
    return this.placements.get(kind)?.ownerOf(identity);
  }

  memberAt(address: string): Member | undefined {
    return this.byAddress.get(address);
  }
}

function placementsOf(members: readonly Member[]): ReadonlyMap<string, Placement<Member>> {
  const kinds = new Set(members.flatMap((member) => [...member.kinds]));
  const offering = (kind: string): Member[] => members.filter((member) => member.kinds.has(kind));
  return new Map([...kinds].map((kind) => [kind, new Placement(kind, offering(kind), ({ id }) => id)]));
}

/** 64 bits, as hexadecimal digits. */
function versionOf(members: readonly Member[]): string {
  const text = JSON.stringify(members.map((one) => [one.id, one.incarnation, one.address, [...one.kinds].sort()]));
  return [text, `/${text}`].map((part) => hashText(part).toString(16).padStart(8, '0')).join('');
}

/** Published on the event stream of the actor system when its process sees other members than before. */
export class TopologyChanged {
  readonly type = 'TopologyChanged';

  constructor(
    readonly topology: Topology,
    readonly joined: readonly Member[],
    /** Whether they said goodbye, were given up, or came back as another incarnation. */
    readonly left: readonly Member[],
  ) {}
}
