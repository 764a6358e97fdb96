import { Tally } from './tally.js';

interface Slot {
  readonly second: number;
  readonly tally: Tally;
}

/** How many seconds back a window remembers. */
export const WINDOW_SECONDS = 60;

/** The last 60 seconds of one key, a slot for each. Seconds are counted on the monitor's own monotonic clock. */
export class SlotWindow {
  private readonly slots: (Slot | undefined)[] = new Array<Slot | undefined>(WINDOW_SECONDS).fill(undefined);
  /** The newest second that something was recorded in. */
  newest = Number.NEGATIVE_INFINITY;

  /** Adds to the slot of `second`; what is older than the window is dropped. */
  record(second: number, tally: Tally): void {
    if (second <= this.newest - WINDOW_SECONDS) return;
    const at = ((second % WINDOW_SECONDS) + WINDOW_SECONDS) % WINDOW_SECONDS;
    const slot = this.slots[at];
    if (slot?.second === second) slot.tally.add(tally);
    else this.slots[at] = { second, tally: new Tally().add(tally) };
    this.newest = Math.max(this.newest, second);
  }

  /** Everything in the `seconds` slots that end with `second`, nothing from before `since`. */
  sum(second: number, seconds: number, since = Number.NEGATIVE_INFINITY): Tally {
    const sum = new Tally();
    const first = Math.max(second - Math.min(seconds, WINDOW_SECONDS) + 1, since);
    for (const slot of this.slots) if (slot && slot.second >= first && slot.second <= second) sum.add(slot.tally);
    return sum;
  }

  /** What was recorded in one second; undefined when nothing was. Not to be changed. */
  at(second: number): Tally | undefined {
    const slot = this.slots[((second % WINDOW_SECONDS) + WINDOW_SECONDS) % WINDOW_SECONDS];
    return slot?.second === second ? slot.tally : undefined;
  }

  /** Finished calls in one second. */
  callsIn(second: number): number {
    return this.at(second)?.calls ?? 0;
  }
}
