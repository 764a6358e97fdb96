/** Long enough for a machine with ten times the work that it can do, and below the time limit of each level. */
const LIMIT_MS = 60_000;
const SHORTEST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 25;

/** What is waited for; a function is asked when that was in vain, and may tell what there was instead. */
export type Wish = string | (() => string);

/**
 * Resolves when `condition` holds; rejects when it does not within `limitMs`, naming what was waited for. A look that takes its
 * time, such as one over the network, is followed by a pause that is longer, so that waiting keeps nobody busy.
 */
export async function until(
  what: Wish,
  condition: () => boolean | Promise<boolean>,
  limitMs = LIMIT_MS,
): Promise<void> {
  await untilFound(what, async () => (await condition()) || undefined, limitMs);
}

/** Resolves with what `look` gives as soon as that is something; otherwise as `until`. */
export async function untilFound<T>(
  what: Wish,
  look: () => T | undefined | Promise<T | undefined>,
  limitMs = LIMIT_MS,
): Promise<T> {
  const started = performance.now();
  for (;;) {
    const lookedAt = performance.now();
    const found = await look();
    if (found !== undefined) return found;
    const now = performance.now();
    if (now - started > limitMs) {
      throw new Error(`waited ${limitMs} ms in vain until ${typeof what === 'string' ? what : what()}`);
    }
    const pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, 4 * (now - lookedAt)));
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
