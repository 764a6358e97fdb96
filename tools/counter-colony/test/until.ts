const LOOK_EVERY_MS = 25;
const LIMIT_MS = 30_000;

/** Resolves as soon as the condition holds; rejects when it does not within 30 s, naming what was waited for. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const endsAt = performance.now() + LIMIT_MS;
  while (!(await condition())) {
    if (performance.now() > endsAt) throw new Error(`not within ${LIMIT_MS} ms: ${what}`);
    await lasted(LOOK_EVERY_MS);
  }
}

/** Gives a fault its time, and `until` the pause between two looks. */
export function lasted(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
