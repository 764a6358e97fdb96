/** How long the colony is waited for, whatever has to happen: processes that share few cores start and settle slowly. */
export const PATIENCE_MS = 60_000;

/**
 * A call is late that is open for so much longer than its deadline: all processes share few cores, and the test's own is one of
 * them. Less than one more deadline: nobody is given two.
 */
export const SLACK_MS = 2500;

/** Gives a fault its time. */
export function lasted(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
