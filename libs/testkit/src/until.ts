const LIMIT_MS = 10_000;
const LOOK_EVERY_MS = 2;

/** Resolves when `condition` holds; rejects when it does not within 10 s, naming what was waited for. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const started = performance.now();
  while (!condition()) {
    if (performance.now() - started > LIMIT_MS) throw new Error(`waited ${LIMIT_MS} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
