const LIMIT_MS = 10_000;
const SHORTEST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 25;

/**
 * Resolves when `condition` holds; rejects when it does not within `limitMs`, naming what was waited for. A look that takes its
 * time, such as one over the network, is followed by a pause that is longer, so that waiting keeps nobody busy.
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMs = LIMIT_MS,
): Promise<void> {
  const started = performance.now();
  for (;;) {
    const lookedAt = performance.now();
    if (await condition()) return;
    const now = performance.now();
    if (now - started > limitMs) throw new Error(`waited ${limitMs} ms in vain until ${what}`);
    const pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, 4 * (now - lookedAt)));
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
