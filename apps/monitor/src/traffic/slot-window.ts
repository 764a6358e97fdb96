import { Tally } from './tally.js';

interface Slot {
  readonly second: number;
  readonly tally: Tally;
}

/** How many seconds back a window remembers. */
export const WINDOW_SECONDS = 60;

/** The last 60 seconds of one key, a slot for each. Seconds are counted on the monitor's own monotonic clock. */
export class SlotWindow {
  private readonly slots: (Slot | undefined)[] = [];
  /** The newest second that something was recorded in. */
  newest = Number.NEGATIVE_INFINITY;

  /** Adds to the slot of `second`; what is older than the window is dropped. */
  record(second: number, tally: Tally): void {
    if (second <= this.newest - WINDOW_SECONDS) return;
    const known = this.at(second);
    if (known === undefined) this.slots[placeOf(second)] = { second, tally: tally.copy() };
    else known.add(tally);
    this.newest = Math.max(this.newest, second);
  }

  /** Everything in the `seconds` slots that end with `second`, nothing from before `since`. */
  sum(second: number, seconds: number, since = Number.NEGATIVE_INFINITY): Tally {
    return this.addTo(new Tally(), second, seconds, since);
  }

  /** The same, added to `sum`, which is returned. */
  addTo(sum: Tally, second: number, seconds: number, since = Number.NEGATIVE_INFINITY): Tally {
    const first = Math.max(second - Math.min(seconds, WINDOW_SECONDS) + 1, since, this.newest - WINDOW_SECONDS + 1);
    for (let at = Math.min(second, this.newest); at >= first; at--) {
      const tally = this.at(at);
      if (tally !== undefined) sum.add(tally);
    }
    return sum;
  }

  /** What was recorded in one second; undefined when nothing was. Not to be changed. */
  at(second: number): Tally | undefined {
    const slot = this.slots[placeOf(second)];
    return slot?.second === second ? slot.tally : undefined;
  }

  /** Finished calls in one second. */
  callsIn(second: number): number {
    return this.at(second)?.calls ?? 0;
  }
}

function placeOf(second: number): number {
  return ((second % WINDOW_SECONDS) + WINDOW_SECONDS) % WINDOW_SECONDS;
}
