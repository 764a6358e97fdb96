/** Tells the time. Kernels and domains ask this port, never `Date` or `performance`. */
export abstract class Clock {
  /** Wall-clock time in milliseconds since the Unix epoch. May jump; for stamps that people or other hosts read. */
  abstract now(): number;

  /** Monotonic milliseconds with a fraction, from an arbitrary origin. Never goes back; for durations and deadlines. */
  abstract monotonic(): number;
}
