import { WINDOW_SECONDS } from '../traffic/slot-window.js';
import type { Tally } from '../traffic/tally.js';
import { depthOf, ENOUGH_CALLS, FEW_CALLS, REACH_SECONDS, type Stretch, sumOf } from './stretch.js';

/** Calls as one side saw them, summed only when a rule asks: of an instance that is well, few do. */
export class Calls {
  private readonly sums = new Map<number, Tally>();
  private enough: number | undefined;
  private few: number | undefined;

  constructor(
    private readonly stretches: readonly Stretch[],
    private readonly second: number,
  ) {}

  get isSeen(): boolean {
    return this.stretches.length > 0;
  }

  /** How many of the newest seconds hold calls enough to judge by. */
  get depth(): number {
    return (this.enough ??= depthOf(this.stretches, this.second, ENOUGH_CALLS));
  }

  /** How many of the newest seconds hold calls enough to believe in a recovery. */
  get latestDepth(): number {
    return (this.few ??= depthOf(this.stretches, this.second, FEW_CALLS));
  }

  /** The calls of the newest `depth` seconds. Not to be changed. */
  over(depth: number): Tally {
    let sum = this.sums.get(depth);
    if (sum === undefined) this.sums.set(depth, (sum = sumOf(this.stretches, this.second, depth)));
    return sum;
  }

  /** The calls that may speak for or against an instance at all. */
  get reach(): Tally {
    return this.over(REACH_SECONDS);
  }

  /** All calls of the last minute: what is usual. */
  get usual(): Tally {
    return this.over(WINDOW_SECONDS);
  }

  /** What was usual before the newest `depth` seconds. */
  before(depth: number): Tally {
    return sumOf(this.stretches, this.second - depth, WINDOW_SECONDS - depth);
  }

  /** Those of the newest `depth` seconds in which `isMeant` of their calls. */
  secondsIn(depth: number, isMeant: (tally: Tally) => boolean): readonly number[] {
    const seconds = Array.from({ length: depth }, (_, index) => this.second - index);
    return seconds.filter((second) => isMeant(sumOf(this.stretches, second, 1)));
  }
}
