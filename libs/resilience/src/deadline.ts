/*
 * Deadlines are monotonic milliseconds (`Clock.monotonic`); undefined means that nobody set one. Between processes only
 * the remaining time travels, because their clocks share no origin, and every rounding is downwards: a hop may shorten a
 * deadline, never extend it.
 */

/** The deadline of a call that may take `timeoutMs` from `now`. A timeout of 0 or less is a deadline that has passed. */
export function deadlineAfter(timeoutMs: number | undefined, now: number): number | undefined {
  return timeoutMs === undefined || timeoutMs === Infinity ? undefined : now + timeoutMs;
}

/** The stricter of two deadlines. */
export function earliestDeadline(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return Math.min(a, b);
}

/** Milliseconds left, with a fraction, never below 0; undefined when there is no deadline. */
export function remainingMs(deadlineAt: number | undefined, now: number): number | undefined {
  return deadlineAt === undefined ? undefined : Math.max(0, deadlineAt - now);
}

/** Whether nobody waits any more. */
export function isExpired(deadlineAt: number | undefined, now: number): boolean {
  return deadlineAt !== undefined && deadlineAt <= now;
}

const MAX_UINT32 = 0xffff_ffff;

/**
 * The remaining time as whole milliseconds in an unsigned 32-bit number, for a frame; 0 means that no time is left. What
 * is longer than 49 days is cut to that. Undefined when there is no deadline.
 */
export function wireMs(deadlineAt: number | undefined, now: number): number | undefined {
  const remaining = remainingMs(deadlineAt, now);
  return remaining === undefined ? undefined : Math.min(MAX_UINT32, Math.floor(remaining));
}
