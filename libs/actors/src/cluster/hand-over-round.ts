/**
 * Who has confirmed that nothing of ours runs there, by the present view of the cluster. Each view begins a round; a member
 * counts as confirmed when it has answered this round with the same view, or when the time for it is over.
 */
export class HandOverRound {
  private round = 0;
  private readonly missing = new Set<string>();
  private beganAt = 0;
  private version = '';

  constructor(private readonly limitMs: number) {}

  get number(): number {
    return this.round;
  }

  begin(version: string, asked: Iterable<string>, now: number): void {
    this.round++;
    this.version = version;
    this.beganAt = now;
    this.missing.clear();
    for (const address of asked) this.missing.add(address);
  }

  /** Addresses of those that may still run what is ours. */
  get unconfirmed(): ReadonlySet<string> {
    return this.missing;
  }

  ageAt(now: number): number {
    return now - this.beganAt;
  }

  /** False when the answer is to another round, or of one that sees the cluster in another way. */
  confirm(address: string, version: string, round: number): boolean {
    return round === this.round && version === this.version && this.missing.delete(address);
  }

  /** When the time is over, nobody is waited for any more. Answers once with who was. */
  giveUp(now: number): readonly string[] {
    if (this.ageAt(now) < this.limitMs) return [];
    const given = [...this.missing];
    this.missing.clear();
    return given;
  }
}
