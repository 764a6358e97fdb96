const LONGEST_LEAVE_MS = 10_000;
const LONGEST_SHUTDOWN_MS = 5000;
const LONGEST_QUIET_MS = 500;

/** How long the steps of a stop may take, as shares of what the whole stop may: half, a fifth and a twentieth. */
export class StopLimits {
  readonly leaveMs: number;
  readonly shutdownMs: number;
  readonly quietMs: number;

  constructor(drainLimitMs: number) {
    this.leaveMs = Math.min(LONGEST_LEAVE_MS, drainLimitMs / 2);
    this.shutdownMs = Math.min(LONGEST_SHUTDOWN_MS, drainLimitMs / 5);
    this.quietMs = Math.min(LONGEST_QUIET_MS, drainLimitMs / 20);
  }
}
