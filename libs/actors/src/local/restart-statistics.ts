/** When an actor failed, as far back as somebody asks. */
export class RestartStatistics {
  private failedAt: number[] = [];
  private total = 0;
  private lastAt: number | undefined;

  /** Counts a failure at `now`, and gives how many there were in the last `withinMs`, this one included. */
  add(now: number, withinMs: number): number {
    this.lastAt = now;
    this.total++;
    // Who counts for ever needs no times, and must not keep a list that grows for ever.
    if (withinMs === Infinity) return this.total;
    this.failedAt = this.failedAt.filter((at) => now - at < withinMs);
    this.failedAt.push(now);
    return this.failedAt.length;
  }

  get lastFailedAt(): number | undefined {
    return this.lastAt;
  }

  forget(): void {
    this.failedAt = [];
    this.total = 0;
  }
}
