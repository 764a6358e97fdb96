/**
 * The test levels. The level of a spec is the suffix of its file name, and nothing else decides it.
 *
 * `timeLimitMs` bounds one test, and one hook. It is there for what hangs: no test is to fail because the machine is busy, and
 * what a test waits for with `until` has a limit of its own below that of its level, so that a failure names it. A whole run
 * is bounded by the step that starts it.
 *
 * @typedef {'unit' | 'sim' | 'component' | 'cluster' | 'check' | 'int'} Level
 * @type {Readonly<Record<Level, { suffix: string, timeLimitMs: number, meaning: string }>>}
 */
export const levels = {
  unit: { suffix: '.unit.spec.ts', timeLimitMs: 90_000, meaning: 'pure code' },
  sim: { suffix: '.sim.spec.ts', timeLimitMs: 180_000, meaning: 'a virtual clock and network, many seeds' },
  component: {
    suffix: '.component.spec.ts',
    timeLimitMs: 120_000,
    meaning: 'one service in process, neighbours faked',
  },
  cluster: { suffix: '.cluster.spec.ts', timeLimitMs: 600_000, meaning: 'real processes, faults injected' },
  check: { suffix: '.check.spec.ts', timeLimitMs: 300_000, meaning: 'the repository itself' },
  int: { suffix: '.int.spec.ts', timeLimitMs: 180_000, meaning: 'a real server, named by its variable' },
};

/** What `npm test` runs: everything that needs neither a build nor a server. */
export const testLevels = /** @type {const} */ (['unit', 'sim', 'component']);

/** @returns {value is Level} @param {string} value */
export function isLevel(value) {
  return Object.hasOwn(levels, value);
}
