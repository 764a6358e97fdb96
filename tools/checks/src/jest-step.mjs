import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from './child.mjs';
import { seconds } from './step.mjs';
import { root } from './workspace.mjs';

/** @typedef {import('./tally.mjs').Tally} Tally */

/** @param {string} name @param {string} reason @returns {Tally} */
const failure = (name, reason) => ({ name, passed: 0, failed: 1, skipped: 0, reasons: [reason], skips: [] });

/** jest can load an ES module from a CommonJS one from here on. */
function isNodeRecentEnough() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 9);
}

/**
 * Runs jest over some levels as one step. A step in which no test ran has failed.
 *
 * @param {string} name
 * @param {readonly import('./levels.mjs').Level[]} levels
 * @param {{ timeLimitMs: number, paths?: readonly string[], workers?: number, env?: Record<string, string> }} options
 * @returns {Promise<Tally>}
 */
export async function runJest(name, levels, { timeLimitMs, paths = [], workers = 2, env = {} }) {
  if (!isNodeRecentEnough()) {
    return failure(
      name,
      `Node ${process.versions.node} is too old: the tests need 24.9 (on Linux, npm ci brings it along)`,
    );
  }
  const directory = mkdtempSync(join(tmpdir(), 'rookery-jest-'));
  const report = join(directory, 'tally.json');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const options = ['--config', 'jest.config.mjs', '--reporters', './tools/checks/src/jest-reporter.mjs'];
  console.log(`${name}: ${levels.join(', ')}`);
  try {
    const { code, isTimedOut, durationMs } = await runChild(
      [
        process.execPath,
        ...flags,
        join(root, 'node_modules/jest/bin/jest.js'),
        ...options,
        `--maxWorkers=${workers}`,
        ...paths,
      ],
      { timeLimitMs, isStreamed: true, env: { ...env, LEVELS: levels.join(), REPORT_FILE: report, FORCE_COLOR: '0' } },
    );
    const tally = readTally(name, report);
    const isEmpty = tally.passed + tally.failed + tally.skipped === 0;
    console.log(`${code === 0 && !isTimedOut && !isEmpty ? 'ok  ' : 'FAIL'} ${name} (${seconds(durationMs)})`);
    if (isTimedOut) return add(tally, `ended after its limit of ${seconds(timeLimitMs)}; is a handle left open?`);
    if (isEmpty) return add(tally, 'no test ran');
    return code !== 0 && tally.failed === 0 ? add(tally, `jest ended with code ${code}`) : tally;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @param {string} name @param {string} report @returns {Tally} */
function readTally(name, report) {
  try {
    return { name, ...JSON.parse(readFileSync(report, 'utf8')) };
  } catch {
    // jest died before it could report; the caller sees a tally of nothing and fails the step.
    return { name, passed: 0, failed: 0, skipped: 0, reasons: [], skips: [] };
  }
}

/** @param {Tally} tally @param {string} reason @returns {Tally} */
const add = (tally, reason) => ({ ...tally, failed: tally.failed + 1, reasons: [...tally.reasons, reason] });
