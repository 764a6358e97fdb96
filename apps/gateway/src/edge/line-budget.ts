import type { Clock } from '@rookery/runtime';

const LINES_PER_SECOND = 20;

/** Lets so many log lines through in a second and counts the rest, so that an outage does not drown in its own log. */
export class LineBudget {
  private second = -1;
  private written = 0;
  private suppressed = 0;

  constructor(private readonly clock: Clock) {}

  /** Undefined: not this line. Otherwise how many lines were left out since the last one. */
  take(): number | undefined {
    const second = Math.floor(this.clock.monotonic() / 1000);
    if (second !== this.second) {
      this.second = second;
      this.written = 0;
    }
    if (this.written >= LINES_PER_SECOND) {
      this.suppressed++;
      return undefined;
    }
    this.written++;
    const before = this.suppressed;
    this.suppressed = 0;
    return before;
  }
}
