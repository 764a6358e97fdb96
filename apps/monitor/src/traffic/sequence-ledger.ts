/** How many missing numbers are waited for; older ones count as lost for good. */
const MISSING_LIMIT = 64;

/** Which sequence numbers of one run were taken: each once, whatever the order, with the gaps counted. */
export class SequenceLedger {
  private highest: number | undefined;
  private readonly missing = new Set<number>();
  private given = 0;

  /** False when the number was taken before. */
  accept(sequence: number): boolean {
    if (this.highest === undefined) {
      this.highest = sequence;
      return true;
    }
    if (sequence <= this.highest) return this.missing.delete(sequence);
    this.open(this.highest + 1, sequence);
    this.highest = sequence;
    return true;
  }

  /** The newest number taken. */
  get last(): number {
    return this.highest ?? 0;
  }

  /** Numbers that never came. What came before the monitor listened is no gap. */
  get gaps(): number {
    return this.given + this.missing.size;
  }

  private open(from: number, to: number): void {
    const first = Math.max(from, to - MISSING_LIMIT);
    this.given += first - from;
    for (let sequence = first; sequence < to; sequence++) this.missing.add(sequence);
    for (const oldest of this.missing) {
      if (this.missing.size <= MISSING_LIMIT) break;
      this.missing.delete(oldest);
      this.given++;
    }
  }
}
