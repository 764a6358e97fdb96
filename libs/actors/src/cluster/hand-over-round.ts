import type { Member } from './member.js';
import type { Topology } from './topology.js';

/**
 * Who has confirmed that nothing of ours runs there, by the present view of the cluster. Each view begins a round; a member
 * counts as confirmed when it has answered this round with the same view, or when the time for it is over.
 */
export class HandOverRound {
  number = 0;
  private readonly missing = new Set<string>();
  private beganAt = 0;
  private version = '';

  constructor(private readonly limitMs: number) {}

  begin(topology: Topology, selfAddress: string, now: number): void {
    const { members, version } = topology;
    this.number++;
    this.version = version;
    this.beganAt = now;
    this.missing.clear();
    // Who is no member any more owns nothing.
    if (topology.memberAt(selfAddress) === undefined) return;
    for (const { address } of members) if (address !== selfAddress) this.missing.add(address);
  }

  /** Addresses of the members that may still run what is ours. */
  get unconfirmed(): ReadonlySet<string> {
    return this.missing;
  }

  ageAt(now: number): number {
    return now - this.beganAt;
  }

  /** False when the answer is to another round, or of one that sees the cluster in another way. */
  confirm(address: Member['address'], version: string, round: number): boolean {
    return round === this.number && version === this.version && this.missing.delete(address);
  }

  /** Whether the time is over; then nobody is waited for any more. Answers once with how many were. */
  giveUp(now: number): number {
    if (this.missing.size === 0 || this.ageAt(now) < this.limitMs) return 0;
    const given = this.missing.size;
    this.missing.clear();
    return given;
  }
}
