/** How long the processes are waited for: on few cores they start and settle slowly. */
export const PATIENCE_MS = 60_000;

/** Gives a fault its time. */
export function lasted(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
