import { spawn } from 'node:child_process';

const graceMs = 5_000;
const keptCharacters = 400_000;

/** @type {Set<number>} process groups that live now */
const groups = new Set();

/** @param {number} group @param {NodeJS.Signals} signal */
function signalGroup(group, signal) {
  try {
    process.kill(-group, signal);
  } catch (error) {
    // ESRCH: everyone in the group is gone already, which is what was wanted.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

for (const [signal, code] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
])) {
  process.on(signal, () => {
    for (const group of groups) signalGroup(group, 'SIGKILL');
    process.exit(code);
  });
}

/**
 * Runs a program in a process group of its own, so that nothing it started outlives it: neither after its end nor when the
 * time limit ends it first.
 *
 * @typedef {{ code: number, output: string, isTimedOut: boolean, durationMs: number }} ChildResult
 * @param {readonly string[]} command program and arguments
 * @param {{ timeLimitMs: number, cwd?: string, env?: Record<string, string>, isStreamed?: boolean }} options
 * @returns {Promise<ChildResult>} code 1 when a signal ended it
 */
export function runChild([program = '', ...args], { timeLimitMs, cwd = process.cwd(), env = {}, isStreamed = false }) {
  const startedAt = performance.now();
  const child = spawn(program, args, {
    detached: true,
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const group = child.pid;
  let output = '';
  let isTimedOut = false;

  /** @param {Buffer} chunk */
  const collect = (chunk) => {
    output = (output + chunk.toString()).slice(-keptCharacters);
    if (isStreamed) process.stdout.write(chunk);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);

  return new Promise((resolve, reject) => {
    child.once('error', reject);
    if (group === undefined) return;
    groups.add(group);
    const limit = setTimeout(() => {
      isTimedOut = true;
      signalGroup(group, 'SIGTERM');
      setTimeout(signalGroup, graceMs, group, 'SIGKILL').unref();
    }, timeLimitMs);
    child.once('exit', () => {
      clearTimeout(limit);
      // Whoever is left holds our pipes open, and 'close' would wait for it.
      signalGroup(group, 'SIGKILL');
    });
    child.once('close', (code) => {
      groups.delete(group);
      resolve({ code: code ?? 1, output, isTimedOut, durationMs: performance.now() - startedAt });
    });
  });
}
