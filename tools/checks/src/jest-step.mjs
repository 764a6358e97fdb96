import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from './child.mjs';
import { exitCodes } from './jest-reporter.mjs';
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
  // To pass through, not to read: where root runs the tests, their PostgreSQL is another user's process.
  chmodSync(directory, 0o711);
  const report = join(directory, 'tally.json');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const cache = join(root, 'node_modules/.cache/jest');
  const reporter = './tools/checks/src/jest-reporter.mjs';
  const options = ['--config', 'jest.config.mjs', '--reporters', reporter, '--cacheDirectory', cache];
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
      {
        timeLimitMs,
        isStreamed: true,
        // What tests leave behind, or must leave because they were ended, goes when the run is over.
        env: { ...env, LEVELS: levels.join(), REPORT_FILE: report, TMPDIR: directory, FORCE_COLOR: '0' },
      },
    );
    const { running, ...reported } = readTally(name, report);
    const ending = isTimedOut
      ? `ended after its limit of ${seconds(timeLimitMs)} while it ran ${running.join(', ') || 'no test'}`
      : unexplained(reported, code);
    const tally = ending === undefined ? reported : add(reported, ending);
    console.log(`${tally.failed > 0 ? 'FAIL' : 'ok  '} ${name} (${seconds(durationMs)})`);
    return tally;
  } finally {
    removeFolder(directory);
  }
}

/** A process that a test left behind may still write there; that must not hide the outcome. @param {string} directory */
function removeFolder(directory) {
  try {
    rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
  } catch (error) {
    console.warn(`${directory} was not removed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What is wrong with a run although no test says so. @param {Tally} tally @param {number} code */
function unexplained({ passed, failed, skipped }, code) {
  if (passed + failed + skipped === 0) return 'no test ran';
  if (code === exitCodes.openHandle) return 'jest could not end: a test left a handle open';
  return code !== 0 && failed === 0 ? `jest ended with code ${code}` : undefined;
}

/** @param {string} name @param {string} report @returns {Tally & { running: readonly string[] }} */
function readTally(name, report) {
  try {
    const tally = /** @type {Omit<Tally, 'name'> & { running: string[] }} */ (JSON.parse(readFileSync(report, 'utf8')));
    return { name, ...tally };
  } catch {
    // jest died before its first report; the caller sees a tally of nothing and fails the step.
    return { name, passed: 0, failed: 0, skipped: 0, reasons: [], skips: [], running: [] };
  }
}

/** @param {Tally} tally @param {string} reason @returns {Tally} */
const add = (tally, reason) => ({ ...tally, failed: tally.failed + 1, reasons: [...tally.reasons, reason] });
