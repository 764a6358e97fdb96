/** A source of randomness that a simulation can seed. Not for secrets. */
export abstract class Random {
  /** A float in [0, 1), uniformly distributed. */
  abstract next(): number;

  /** An integer in [0, bound). `bound` must be a positive integer. */
  int(bound: number): number {
    return Math.floor(this.next() * bound);
  }
}
