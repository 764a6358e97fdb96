import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataOf } from './data-folder.mjs';
import { codeOf, ServerProblem } from './problem.mjs';
import { identify, isAlive, mayServe } from './process-identity.mjs';

/** @typedef {import('./folders.mjs').ServerFolder} ServerFolder */
/** @typedef {import('./process-identity.mjs').ProcessIdentity} ProcessIdentity */

/** A keeper whose starter has just gone is given this long to stop its server. */
const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 20;

/** @param {ServerFolder} folder */
const recordOf = ({ path }) => join(path, 'server.json');

/** Says who serves the folder, who keeps the server, and for whom. @param {ServerFolder} folder @param {number} pid */
export function recordServer(folder, pid) {
  const record = { server: identify(pid), keeper: identify(process.pid), starter: startedBy() };
  writeFileSync(recordOf(folder), JSON.stringify(record), { mode: 0o600 });
}

/** Undefined when it has gone already. */
const startedBy = () => (process.ppid === 1 ? undefined : identify(process.ppid));

/**
 * Makes the folder free for a new server: ends one that lost its keeper, and forgets the lock of one that is gone. A
 * process that is not known to be that server is never touched. Throws ServerProblem while somebody keeps a server here.
 *
 * @param {ServerFolder} folder
 */
export async function reclaim(folder) {
  const { server, keeper, starter } = read(folder);
  if (!(await within(isAlive(starter) ? 0 : PATIENCE_MS, () => !isAlive(keeper)))) {
    throw new ServerProblem(`a server already runs on ${folder.path} (kept by process ${keeper?.pid})`);
  }
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGQUIT', 'SIGKILL'])) {
    if (server === undefined || !isAlive(server)) break;
    process.kill(server.pid, 'SIGCONT');
    process.kill(server.pid, signal);
    await within(PATIENCE_MS / 2, () => !isAlive(server));
  }
  dropLock(dataOf(folder));
  rmSync(recordOf(folder), { force: true });
}

/** PostgreSQL takes any living process with the recorded pid for its server, also one that was given the pid since. @param {string} data */
function dropLock(data) {
  const file = join(data, 'postmaster.pid');
  const pid = Number.parseInt(readIfThere(file) ?? '', 10);
  if (Number.isNaN(pid)) return;
  if (mayServe(pid, data)) {
    throw new ServerProblem(`process ${pid}, which was not started from here, serves ${data}: stop it first`);
  }
  rmSync(file, { force: true });
}

/** @param {ServerFolder} folder @returns {{ [who in 'server' | 'keeper' | 'starter']?: ProcessIdentity }} */
function read(folder) {
  try {
    return /** @type {ReturnType<typeof read>} */ (JSON.parse(readIfThere(recordOf(folder)) ?? '{}'));
  } catch {
    return {}; // Half a record names no process to trust; the server's own lock remains.
  }
}

/** @param {string} file */
function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether the condition held in time. @param {number} limitMs @param {() => boolean} holds */
export async function within(limitMs, holds) {
  const endsAt = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > endsAt) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return true;
}
