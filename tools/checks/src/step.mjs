import { runChild } from './child.mjs';
import { nxEnvironment } from './workspace.mjs';

/** @typedef {import('./tally.mjs').Tally} Tally */

/** @param {number} durationMs */
export const seconds = (durationMs) => `${(durationMs / 1000).toFixed(1)} s`;

/**
 * Runs a program as one step that passes or fails; its output is shown only if it fails.
 *
 * @param {string} name
 * @param {readonly string[]} command
 * @param {{ timeLimitMs: number, remedy?: string }} options `remedy` tells what to do about a failure
 * @returns {Promise<Tally>}
 */
export async function runStep(name, command, { timeLimitMs, remedy }) {
  const { code, output, isTimedOut, durationMs } = await runChild(command, {
    timeLimitMs,
    env: { ...nxEnvironment, FORCE_COLOR: '0' },
  });
  const hasPassed = code === 0 && !isTimedOut;
  console.log(`${hasPassed ? 'ok  ' : 'FAIL'} ${name} (${seconds(durationMs)})`);
  if (hasPassed) return { name, passed: 1, failed: 0, skipped: 0, reasons: [], skips: [] };
  console.log(output.replace(/^/gm, '     '));
  const ended = isTimedOut ? `ended after its limit of ${seconds(timeLimitMs)}` : `exit code ${code}`;
  return { name, passed: 0, failed: 1, skipped: 0, reasons: [remedy ? `${ended}; ${remedy}` : ended], skips: [] };
}
